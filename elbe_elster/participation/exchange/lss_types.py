"""What LimeSurvey's types of questions are called, and which fixed answers they bring."""

from __future__ import annotations

YES = {"de": "Ja", "en": "Yes", "de-simple": "Ja"}
NO = {"de": "Nein", "en": "No", "de-simple": "Nein"}
YES_NO = (("Y", "yes", YES), ("N", "no", NO))
GENDER = (
    ("F", "f", {"de": "weiblich", "en": "female", "de-simple": "Frau"}),
    ("M", "m", {"de": "männlich", "en": "male", "de-simple": "Mann"}),
    ("", "d", {"de": "divers", "en": "non-binary", "de-simple": "divers"}),
    ("", "no_answer", {"de": "keine Angabe", "en": "prefer not to say", "de-simple": "keine Antwort"}),
)
UNCERTAIN = (
    ("Y", "yes", YES),
    ("U", "uncertain", {"de": "Unsicher", "en": "Uncertain", "de-simple": "Ich weiß nicht"}),
    ("N", "no", NO),
)
INCREASE = (
    ("I", "more", {"de": "Mehr", "en": "Increase", "de-simple": "Mehr"}),
    ("S", "same", {"de": "Gleich", "en": "Same", "de-simple": "Gleich"}),
    ("D", "less", {"de": "Weniger", "en": "Decrease", "de-simple": "Weniger"}),
)
OTHER = {"de": "Sonstiges", "en": "Other", "de-simple": "Etwas anderes"}
POINTS = {"5": 5, "A": 5, "B": 10}
FIXED_ROWS = {"C": UNCERTAIN, "E": INCREASE}

NAMES = {
    "L": "Liste (Optionsfelder)",
    "!": "Liste (Klappliste)",
    "O": "Liste mit Kommentar",
    "5": "Fünf Punkte",
    "Y": "Ja/Nein",
    "G": "Geschlecht",
    "I": "Sprachumschaltung",
    "M": "Mehrfachauswahl",
    "P": "Mehrfachauswahl mit Kommentar",
    "S": "Kurzer Text",
    "T": "Langer Text",
    "U": "Sehr langer Text",
    "Q": "Mehrere kurze Texte",
    "N": "Zahl",
    "K": "Mehrere Zahlen",
    "D": "Datum",
    "F": "Matrix",
    "H": "Matrix nach Spalten",
    "A": "Matrix (5 Punkte)",
    "B": "Matrix (10 Punkte)",
    "C": "Matrix (Ja/Unsicher/Nein)",
    "E": "Matrix (Mehr/Gleich/Weniger)",
    "1": "Matrix mit zwei Skalen",
    ":": "Matrix (Zahlen)",
    ";": "Matrix (Texte)",
    "R": "Rangfolge",
    "X": "Textanzeige",
    "*": "Gleichung",
    "|": "Datei-Upload",
}
GONE = {
    "I": "Die Sprache wählt man im Portal oben auf jeder Seite.",
    "*": "Berechnungen gibt es im Portal nicht.",
    "|": "Dateien nimmt das Portal in Umfragen nicht an.",
}
# Attributes that only change the look, or that have a default of the portal: not worth a line.
LOOK = {
    *("hide_tip", "display_columns", "text_input_width", "text_input_columns", "label_input_columns", "input_size"),
    *("printable_help", "cssclass", "statistics_showgraph", "statistics_graphtype", "public_statistics", "page_break"),
    *("display_rows", "placeholder", "repeat_headings", "use_dropdown", "dropdown_size", "dropdown_prefix"),
    *(
        "category_separator",
        "scale_export",
        "answer_width",
        "answer_width_bycolumn",
        "save_as_default",
        "other_numbers_only",
    ),
    *(
        "slider_layout",
        "slider_showminmax",
        "slider_separator",
        "slider_orientation",
        "slider_handle",
        "slider_reversed",
    ),
    *(
        "slider_custom_handle",
        "slider_reset",
        "slider_middlestart",
        "slider_default",
        "slider_default_set",
        "slider_rating",
    ),
    *("slider_accuracy", "slider_min", "slider_max", "location_mapheight", "location_mapwidth", "location_mapzoom"),
    *("location_mapservice", "location_nodefaultfromip", "location_postal", "location_country", "location_state"),
    *(
        "location_city",
        "location_defaultcoordinates",
        "num_value_int_only",
        "numbers_only",
        "maximum_chars",
        "other_position",
    ),
    *(
        "other_position_code",
        "other_comment_mandatory",
        "reverse",
        "show_totals",
        "show_grand_total",
        "prefix",
        "suffix",
    ),
    *("other_replace_text", "dualscale_headera", "dualscale_headerb", "dropdown_prepostfix", "dropdown_separators"),
    *("multiflexible_checkbox", "multiflexible_min", "multiflexible_max", "multiflexible_step", "parent_order"),
    *(
        "array_filter",
        "array_filter_exclude",
        "array_filter_style",
        "random_order",
        "answer_order",
        "subquestion_order",
    ),
    *(
        "exclude_all_others",
        "exclude_all_others_auto",
        "min_answers",
        "max_answers",
        "min_num_value_n",
        "max_num_value_n",
    ),
    *(
        "date_min",
        "date_max",
        "date_format",
        "dropdown_dates",
        "dropdown_dates_minute_step",
        "dropdown_dates_month_style",
    ),
    *("hidden", "em_validation_q_tip", "em_validation_sq_tip", "showpopups", "samechoiceheight", "samelistheight"),
    *("choice_title", "rank_title", "image", "clear_default", "horizontal_scroll", "value_range_allows_missing"),
    *(
        "commented_checkbox_auto",
        "hide_tip_on_error",
        "keep_aspect",
        "crop_or_resize",
        "question_template",
        "question_theme_name",
    ),
    *("max_subquestions", "fix_height", "fix_width", "image_in_drop_down", "alphasort", "assessment_value"),
}
