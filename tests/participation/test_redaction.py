"""What may tell who is meant is found; ordinary words are left alone."""

import pytest

from elbe_elster.participation.texts.redaction import pieces, redacted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Frau Krause war nett.", "Frau [Name] war nett."),
        ("Bitte an Herrn Dr. Müller-Lüdenscheidt denken.", "Bitte an Herrn Dr. [Name] denken."),
        ("Sabine Schulze fährt den Bus.", "[Name] fährt den Bus."),
        ("Der Hausmeister heißt Schulze, Sabine.", "Der Hausmeister heißt Schulze, [Name]."),
        ("Rufen Sie an: 03535 46-1234!", "Rufen Sie an: [Telefonnummer]!"),
        ("+49 171 1234567", "[Telefonnummer]"),
        ("Mail an max.muster@example.org bitte", "Mail an [E-Mail-Adresse] bitte"),
        ("max (at) example.org", "[E-Mail-Adresse]"),
        ("Ich wohne in der Ludwig-Jahn-Straße 2.", "Ich wohne in der [Adresse]."),
        ("Am Markt und in der Bahnhofstr. 12a", "Am Markt und in der [Adresse]"),
        ("DE89 3704 0044 0532 0130 00", "[Kontonummer]"),
        ("Der mit EE-AB 123 parkt falsch.", "Der mit [Kennzeichen] parkt falsch."),
    ],
)
def test_found(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Der Bus um 7:30 Uhr fällt zu oft aus.",
        "In Elbe-Elster fehlt seit 2019 schnelles Internet.",
        "Mehr Termine im Bürgerbüro Bad Liebenwerda, bitte.",
        "100 Mbit/s für 29,99 Euro",
    ],
)
def test_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_a_text_in_pieces() -> None:
    assert [tuple(piece) for piece in pieces("Hallo Frau Krause!")] == [
        ("Hallo Frau ", ""),
        ("Krause", "Name"),
        ("!", ""),
    ]
