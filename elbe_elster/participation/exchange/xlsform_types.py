"""What stands in the column „type“ of an XLSForm."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONE = r"select[_ ]?one(?:[_ ]from)?|select1|select one using|add select one prompt using"
MANY = r"select[_ ]multiple(?:[_ ]from)?|select all that apply(?: from)?|select|add select multiple prompt using"
CHOICE = re.compile(
    rf"^(?P<many>{MANY})\s+(?P<list>\S.*?)(?P<other>\s+or[_ ]other|\s+or specify other)?$", re.IGNORECASE
)
SINGLE = re.compile(rf"^(?P<one>{ONE})\s+(?P<list>\S.*?)(?P<other>\s+or[_ ]other|\s+or specify other)?$", re.IGNORECASE)
RANK = re.compile(r"^(?:odk:)?rank\s+(?P<list>\S.*)$", re.IGNORECASE)
FROM_FILE = re.compile(r"^select[_ ](?:one|multiple)[_ ](?:from[_ ]file|external)\b", re.IGNORECASE)
BEGIN = re.compile(r"^begin[_ ](?P<what>group|repeat|loop|survey)\b", re.IGNORECASE)
END = re.compile(r"^end[_ ](?P<what>group|repeat|loop|survey)\b", re.IGNORECASE)

SIMPLE = {
    **dict.fromkeys(
        ("text", "string", "add text prompt", "q string", "phone number", "add phone number prompt"), "text"
    ),
    **dict.fromkeys(
        ("integer", "int", "add integer prompt", "q int", "add number of days in last month prompt"), "integer"
    ),
    **dict.fromkeys(
        ("decimal", "add decimal prompt", "q decimal", "percentage", "number of days in last month"), "decimal"
    ),
    **dict.fromkeys(("date", "add date prompt", "q date"), "date"),
    **dict.fromkeys(("datetime", "date_time", "datetime prompt", "add date time prompt", "q datetime"), "datetime"),
    **dict.fromkeys(("time", "add time prompt", "q time"), "time"),
    **dict.fromkeys(("note", "add note prompt", "q note"), "note"),
    **dict.fromkeys(("acknowledge", "trigger", "add acknowledge prompt", "q acknowledge"), "acknowledge"),
    "range": "range",
}
META = "Angaben über Gerät, Zeiten und Personen speichert das Portal nicht."
GONE = {
    **dict.fromkeys(("calculate", "q calculate", "add calculate prompt"), "Berechnungen gibt es im Portal nicht."),
    **dict.fromkeys(("hidden", "xml-external", "csv-external"), "Verborgene Werte gibt es im Portal nicht."),
    **dict.fromkeys(
        ("image", "photo", "picture", "add image prompt", "q image", "q picture"),
        "Bilder nimmt das Portal in Umfragen nicht an.",
    ),
    **dict.fromkeys(
        ("audio", "video", "add audio prompt", "add video prompt", "file", "add file prompt", "background-audio"),
        "Dateien nimmt das Portal in Umfragen nicht an.",
    ),
    **dict.fromkeys(
        (
            "geopoint",
            "geotrace",
            "geoshape",
            "location",
            "gps",
            "start-geopoint",
            "background-geopoint",
            "add location prompt",
            "q location",
            "osm",
        ),
        "Orte auf der Karte fragt das Portal nicht ab.",
    ),
    **dict.fromkeys(("barcode", "add barcode prompt", "q barcode"), "Strichcodes liest das Portal nicht."),
    **dict.fromkeys(
        ("start", "end", "today", "deviceid", "device id", "username", "phonenumber", "email", "audit"), META
    ),
    **dict.fromkeys(
        ("subscriberid", "simserial", "imei", "uri:deviceid", "get device id", "start time", "end time"), META
    ),
    **dict.fromkeys(
        ("get today", "get start time", "get end time", "sim id", "get sim id", "uri:email", "uri:username"), META
    ),
}


@dataclass(frozen=True)
class FormType:
    """One type: ``what`` is ``one``, ``many``, ``rank``, a simple type, ``begin``, ``end``, ``gone`` or ``unknown``."""

    what: str
    list_name: str = ""
    other: bool = False
    detail: str = ""


def read_type(text: str) -> FormType:  # noqa: PLR0911 -- one for each kind
    """What a cell of the column „type“ means."""
    text = " ".join(text.split())[:200]
    folded = text.casefold()
    if folded in SIMPLE:
        return FormType(SIMPLE[folded])
    if folded in GONE:
        return FormType("gone", detail=GONE[folded])
    if found := BEGIN.match(text):
        return FormType("begin", detail=found["what"].casefold())
    if found := END.match(text):
        return FormType("end", detail=found["what"].casefold())
    if FROM_FILE.match(text):
        return FormType("gone", detail="Antworten aus einer zweiten Datei liest das Portal nicht.")
    if found := SINGLE.match(text):
        return FormType("one", found["list"], bool(found["other"]))
    if found := RANK.match(text):
        return FormType("rank", found["list"])
    if found := CHOICE.match(text):
        return FormType("many", found["list"], bool(found["other"]))
    return FormType("unknown", detail=f"Den Typ „{text[:60]}“ kennt das Portal nicht.")
