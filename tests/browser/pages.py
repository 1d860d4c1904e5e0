"""The one list of page types. A page that stands here is visited by a real browser in every way of looking.

Add one line for a new page type: its German address after ``load_…`` has put the content in, and for pages
behind the sign-in the demo account that may see it.
"""

from __future__ import annotations

from dataclasses import dataclass

SIMPLE = "/de-simple"


@dataclass(frozen=True)
class Page:
    """One page type."""

    path: str
    person: str = ""  # demo account before the @; empty: everybody
    status: int = 200
    cookies: bool = False  # a form that needs a token against forgery sets one cookie
    translated: bool = True  # exists below /en/ and /de-simple/
    strict: bool = True  # False: markup is not ours (Django's admin); axe and validity do not decide

    def __str__(self) -> str:
        return f"{self.path} ({self.person})" if self.person else self.path


PUBLIC = [
    Page("/"),
    Page("/gibt-es-nicht/", status=404),
    Page("/strategie/"),
    Page("/strategie/weg/"),
    Page("/handlungsfelder/"),
    Page("/handlungsfelder/mobilitaet/"),
    Page("/massnahmen/"),
    Page("/massnahmen/?ansicht=karten&prioritaet=high"),
    Page("/massnahmen/?q=gibtesnicht"),
    Page("/massnahmen/koordinierungskreis/"),
    Page("/beteiligung/"),
    Page("/beteiligung/gespraeche/"),
    Page("/beteiligung/umfragen/"),
    Page("/beteiligung/umfragen/digital-leben/"),
    Page("/beteiligung/umfragen/digital-leben-vorjahr/"),
    Page("/beteiligung/umfragen/digital-leben/ausfuellen/"),
    Page("/beteiligung/umfragen/digital-leben/weiter/"),
    Page("/beteiligung/umfragen/digital-leben/danke/"),
    Page("/beteiligung/umfragen/digital-leben/ergebnisse/"),
    Page("/beteiligung/umfragen/digital-leben/kontakt/"),
    Page("/beteiligung/umfragen/digital-leben/kontakt/danke/"),
    Page("/beteiligung/umfragen/digital-leben-vorjahr/ergebnisse/"),
    Page("/projekte/"),
    Page("/projekte/rufbus-erste-stufe/"),
    Page("/fahrplan/"),
    Page("/fahrplan/?von=2025&bis=2028&feld=mobilitaet"),
    Page("/stand/"),
    Page("/kommunen/"),
    Page("/kommunen/?feld=bildung&stand=in_use"),
    Page("/kommunen/finsterwalde/"),
    Page("/kommunen/amt-plessa/"),
    Page("/kommunen/landkreis-elbe-elster/"),
    Page("/neues/"),
    Page("/neues/per-e-mail/", cookies=True),
    Page("/neues/per-e-mail/angefragt/"),
    Page("/neues/per-e-mail/abbestellt/"),
    Page("/neues/per-e-mail/bestaetigen/gibt-es-nicht/", status=404),
    Page("/konto/anmelden/", cookies=True),
    Page("/konto/passwort/vergessen/", cookies=True),
    Page("/impressum/"),
    Page("/datenschutz/"),
    Page("/leichte-sprache/"),
    Page("/barrierefreiheit/"),
    Page("/barriere-melden/", cookies=True),
    Page("/suche/"),
    Page("/suche/?q=Daten"),
    Page("/suche/?q=Datenschuz"),
]

INTERNAL: list[Page] = [
    Page("/redaktion/", person="redaktion"),
    Page("/konto/", person="finsterwalde", cookies=True),
    Page("/konto/sicherheit/", person="redaktion"),
    Page("/konto/sitzungen/", person="redaktion", cookies=True),
    Page("/redaktion/personen/", person="geschaeftsstelle", cookies=True),
    Page("/redaktion/personen/einladen/", person="geschaeftsstelle", cookies=True),
    Page("/redaktion/post/", person="redaktion"),
    Page("/redaktion/texte/", person="redaktion"),
    Page("/redaktion/massnahmen/tabelle/", person="redaktion", cookies=True),
    Page("/redaktion/berichte/", person="freigabe", cookies=True),
    Page("/redaktion/umfragen/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/neu/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/codes/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/geraete/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/kontakte/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/uebernahme/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/bearbeiten/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/bearbeiten/frage/internet_use/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/bearbeiten/frage/?teil=internet", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/bearbeiten/frage/why_not/bedingung/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/sprachen/?teil=internet&sprache=en", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/angaben/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/lauf/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/lauf/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/fassungen/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/gliederung/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/vorschau/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/probe/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/papier/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/stapel/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben/kopie/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/ergebnisse/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/ergebnisse/transport/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/texte/", person="beteiligung", cookies=True),
    Page("/redaktion/umfragen/digital-leben-vorjahr/texte/wifi_place/", person="beteiligung", cookies=True),
    Page("/redaktion/barrieren/", person="redaktion"),
    Page("/admin/", person="admin", translated=False, strict=False),
    Page("/koordination/", person="finsterwalde", cookies=True),
    Page("/kommunen/finsterwalde/stand/", person="finsterwalde", cookies=True),
    Page("/stilbuch/", person="redaktion", cookies=True),
]
