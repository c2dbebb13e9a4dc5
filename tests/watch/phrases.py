# ruff: noqa: E501  a phrase stays on its line
"""How made-up pages say when to apply and how much there is, in seven languages, and what stands around it."""

from __future__ import annotations

from datetime import date

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}
CURRENCY = {"en": "GBP", "cy": "GBP", "de": "EUR", "sv": "SEK", "da": "DKK", "pl": "PLN", "hu": "HUF"}


def day(on: date, language: str, style: int) -> str:
    """Write a day as a page in a language would; ``style`` picks one of the ways."""
    month = MONTHS[language].split()[on.month - 1]
    number, year = on.day, on.year
    ways = {
        "en": (f"{number} {month} {year}", f"{month} {number}, {year}", f"{on:%d/%m/%Y}", f"{number}th of {month} {year}"),
        "de": (f"{number}. {month} {year}", f"{on:%d.%m.%Y}", f"{number}. {month} {year}"),
        "sv": (f"{number} {month} {year}", f"{on:%Y-%m-%d}", f"den {number} {month} {year}"),
        "da": (f"{number}. {month} {year}", f"den {number}. {month} {year}", f"{number}.{on.month}.{year}"),
        "pl": (f"{number} {month} {year} r.", f"{on:%d.%m.%Y} r.", f"{number} {month} {year}"),
        "hu": (f"{year}. {month} {number}.", f"{on:%Y.%m.%d}.", f"{year}. {month} {number}."),
        "cy": (f"{number} {month} {year}", f"{on:%d/%m/%Y}", f"{number} {month} {year}"),
    }[language]  # fmt: skip
    return ways[style % len(ways)]


def money(number: int, language: str, style: int) -> str:
    """Write a sum as a page in a language would."""
    if language in ("en", "cy"):
        return f"£{number // 1000}k" if number % 1000 == 0 and style % 5 == 4 else f"£{number:,}"
    dots, spaces = f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "\u00a0")
    return {
        "de": (f"{dots} Euro", f"{dots} €"), "sv": (f"{spaces} kronor", f"{spaces} kr"),
        "da": (f"{dots} kr.", f"{dots} kroner"), "pl": (f"{spaces} zł", f"{spaces} PLN"),
        "hu": (f"{spaces} Ft", f"{spaces} forint"),
    }[language][style % 2]  # fmt: skip


CLOSES = {
    "en": (
        "<p>Applications for this round close at noon on {d}.</p>", "<tr><th>Closing date</th><td>{d}</td></tr>",
        "<p>You must submit your application by {d}. Late bids are not read.</p>", "<dl><dt>Deadline</dt><dd>{d}</dd></dl>",
        "<h3>When to apply</h3><p>The fund is open until {d}.</p>", "<ul><li>Last day for applications: <b>{d}</b>, 5pm</li></ul>",
        "<div class='facts'><div>Closing date</div><div>{d}</div></div>",
    ),
    "de": (
        "<p>Anträge können bis zum {d} gestellt werden.</p>", "<tr><th>Antragsfrist</th><td>{d}</td></tr>",
        "<p>Bewerbungsschluss ist der {d}.</p>", "<p><strong>Einreichfrist:</strong> {d}, 12 Uhr</p>",
    ),
    "sv": (
        "<p>Sista ansökningsdag är {d}.</p>", "<p>Du kan söka stödet till och med {d}.</p>",
        "<tr><th>Utlysningen stänger</th><td>{d}</td></tr>", "<p>Ansökan ska vara inne senast {d} klockan 14.00.</p>",
    ),
    "da": (
        "<p>Ansøgningsfristen er {d} kl. 12.00.</p>", "<tr><th>Ansøgningsfrist</th><td>{d}</td></tr>",
        "<p>Puljen lukker {d}.</p>", "<p>Send din ansøgning senest {d}.</p>",
    ),
    "pl": (
        "<p>Termin składania wniosków: {d}</p>", "<p>Nabór wniosków trwa do {d}</p>",
        "<tr><th>Zakończenie naboru</th><td>{d}</td></tr>", "<p>Wnioski można składać do dnia {d}</p>",
    ),
    "hu": (
        "<p>A pályázatok benyújtási határideje: {d}</p>", "<tr><th>Beadási határidő</th><td>{d}</td></tr>",
        "<p>A felhívás lezárul: {d}</p>", "<p>Jelentkezési határidő {d}</p>",
    ),
    "cy": (
        "<p>Y dyddiad cau ar gyfer ceisiadau yw {d}.</p>", "<tr><th>Dyddiad cau</th><td>{d}</td></tr>",
        "<p>Rhaid cyflwyno eich cais erbyn {d}.</p>", "<p>Mae'r gronfa ar agor tan {d}.</p>",
    ),
}  # fmt: skip
OPENS = {
    "en": ("<p>The scheme opens on {d}.</p>", "<tr><th>Opening date</th><td>{d}</td></tr>", "<p>You can apply from {d}.</p>"),
    "de": ("<p>Anträge sind ab dem {d} möglich.</p>", "<tr><th>Start der Antragstellung</th><td>{d}</td></tr>"),
    "sv": ("<p>Ansökan öppnar {d}.</p>", "<tr><th>Öppnar</th><td>{d}</td></tr>"),
    "da": ("<p>Puljen åbner {d}.</p>", "<tr><th>Åbner for ansøgninger</th><td>{d}</td></tr>"),
    "pl": ("<p>Nabór wniosków rusza {d}</p>", "<tr><th>Rozpoczęcie naboru</th><td>{d}</td></tr>"),
    "hu": ("<p>A benyújtás kezdete: {d}</p>", "<tr><th>Megnyílik</th><td>{d}</td></tr>"),
    "cy": ("<p>Mae'r cynllun yn agor ar {d}.</p>", "<tr><th>Dyddiad agor</th><td>{d}</td></tr>"),
}  # fmt: skip
MOST = {
    "en": (
        "<p>You can get up to {m} towards new equipment.</p>", "<p>The maximum grant is {m}.</p>",
        "<tr><th>Maximum award</th><td>{m}</td></tr>", "<p>Grants of {low} to {m} are there for small firms.</p>",
        "<p>A {m} grant for your first export plan.</p>",
    ),
    "de": ("<p>Der Zuschuss beträgt bis zu {m}.</p>", "<p>Gefördert werden höchstens {m} je Unternehmen.</p>",
           "<tr><th>Maximale Förderung</th><td>{m}</td></tr>"),
    "sv": ("<p>Du kan få upp till {m} i stöd.</p>", "<p>Bidraget är högst {m}.</p>", "<tr><th>Maxbelopp</th><td>{m}</td></tr>"),
    "da": ("<p>Der kan søges om op til {m}</p>", "<p>Tilskuddet er højst {m}</p>", "<p>Støtten udgør maksimalt {m}</p>"),
    "pl": ("<p>Dotacja wynosi do {m}.</p>", "<p>Maksymalna kwota wsparcia to {m}.</p>", "<p>Dofinansowanie od {low} do {m}.</p>"),
    "hu": ("<p>A támogatás összege legfeljebb {m}.</p>", "<p>Az igényelhető támogatás maximum {m}.</p>",
           "<p>A vissza nem térítendő támogatás {low} és {m} között lehet.</p>"),
    "cy": ("<p>Mae grantiau o hyd at {m} ar gael.</p>", "<p>Uchafswm y grant yw {m}.</p>", "<p>Grantiau rhwng {low} a {m}.</p>"),
}  # fmt: skip
RATE = {
    "en": ("<p>We pay {r}% of eligible costs.</p>", "<p>The intervention rate is {r} per cent of your costs.</p>"),
    "de": ("<p>Die Förderquote beträgt {r} % der Kosten.</p>", "<p>Übernommen werden {r} Prozent der förderfähigen Kosten.</p>"),
    "sv": ("<p>Stödet täcker {r} procent av kostnaderna.</p>", "<p>Stödandelen är {r} % av kostnaden.</p>"),
    "da": ("<p>Tilskuddet dækker {r} % af udgifterne.</p>", "<p>Du kan få {r} procent af omkostningerne i tilskud.</p>"),
    "pl": ("<p>Dofinansowanie pokrywa {r}% kosztów.</p>", "<p>Poziom dofinansowania: {r} % wydatków.</p>"),
    "hu": ("<p>A támogatás intenzitása {r}%.</p>", "<p>A költségek {r} százaléka támogatható.</p>"),
    "cy": ("<p>Rydym yn talu {r}% o'r costau cymwys.</p>", "<p>Cyfradd y grant yw {r} y cant.</p>"),
}  # fmt: skip
CLOSED = {
    "en": (
        "<p>This scheme is now closed.</p>", "<p>The fund has closed to new applications.</p>",
        "<div class='notice'>Applications are no longer being accepted.</div>", "<p>All grants have been fully allocated.</p>",
        "<p>Thank you for your interest. Funding for this programme has ended.</p>",
    ),
    "de": ("<p>Die Antragstellung ist nicht mehr möglich.</p>", "<p>Das Programm ist beendet.</p>", "<p>Der Aufruf ist geschlossen.</p>"),
    "sv": ("<p>Utlysningen är stängd.</p>", "<p>Stödet går inte längre att söka.</p>", "<p>Ansökan är stängd.</p>"),
    "da": ("<p>Puljen er lukket.</p>", "<p>Det er ikke længere muligt at søge.</p>", "<p>Ordningen er lukket for ansøgninger.</p>"),
    "pl": ("<p>Nabór został zakończony.</p>", "<p>Program jest zamknięty.</p>", "<p>Nabór wniosków zakończony.</p>"),
    "hu": ("<p>A felhívás lezárult.</p>", "<p>A pályázat lezárva.</p>", "<p>A rendelkezésre álló keret kimerült.</p>"),
    "cy": ("<p>Mae'r cynllun hwn wedi cau.</p>", "<p>Mae'r gronfa bellach ar gau.</p>", "<p>Mae ceisiadau wedi cau.</p>"),
}  # fmt: skip
NEWS = {
    "en": ("Latest news", "{d}: Example Bakery won {m} for a new oven", "Published {d}"),
    "de": ("Aktuelles", "{d}: Beispiel-Bäckerei erhielt {m}", "Veröffentlicht am {d}"),
    "sv": ("Nyheter", "{d}: Exempelbageriet fick {m}", "Publicerad {d}"),
    "da": ("Nyheder", "{d}: Eksempelbageriet modtog {m}", "Opdateret {d}"),
    "pl": ("Aktualności", "{d}: Przykładowa Piekarnia otrzymała {m}", "Opublikowano {d}"),
    "hu": ("Hírek", "{d}: A Példa Pékség {m} támogatást nyert", "Frissítve: {d}"),
    "cy": ("Newyddion", "{d}: Derbyniodd Becws Enghraifft {m}", "Diweddarwyd {d}"),
}
EVENTS = {
    "en": (
        "Join our webinar about the fund on {d}.",
        "Workshop for applicants: {d}, book your place by {e}.",
    ),
    "de": ("Infoveranstaltung zum Programm am {d}.", "Webinar am {d}, Anmeldung bis {e}."),
    "sv": ("Webbinarium om stödet den {d}.", "Informationsträff {d}, anmäl dig senast {e}."),
    "da": ("Webinar om puljen {d}.", "Informationsmøde {d}, tilmelding senest {e}."),
    "pl": ("Webinarium o programie: {d}", "Szkolenie {d}, zapisy do {e}"),
    "hu": ("Webinárium a felhívásról: {d}", "Tájékoztató rendezvény: {d}, regisztráció {e}"),
    "cy": ("Gweminar am y gronfa ar {d}.", "Digwyddiad ar {d}, cofrestrwch erbyn {e}."),
}
ASIDES = {
    "en": ("Turnover must be under {m}.", "Our office is closed on {d}.", "The total budget of the fund is {m}.", "VAT at {r}% is not paid.",
           "So far {n} firms have been helped.", "Comments are closed.", "See also the Sample Export Fund, which closes on {d}.", "Thanks to a grant of {m} we bought our first robot, says a baker.",
           "The first round closed on {d}.", "Decisions are made by {d}.", "Projects must end by {d}.", "Read the guidance of {d}.",),
    "de": ("Der Jahresumsatz liegt unter {m}.", "Unser Büro ist am {d} geschlossen.", "Das Gesamtbudget beträgt {m}.",
           "Siehe auch: Muster-Exportfonds, Antragsfrist {d}.", "Das Projekt muss bis zum {d} beendet sein.", "Über die Vergabe wird bis {d} entschieden."),
    "sv": ("Omsättningen får vara högst {m}.", "Kontoret är stängt {d}.", "Projektet ska vara avslutat senast {d}.", "Beslut fattas senast {d}.", "Hittills har {n} företag fått hjälp."),
    "da": ("Omsætningen må højst være {m}", "Kontoret holder lukket {d}.", "Projektet skal være afsluttet senest {d}.", "Indtil nu har {n} virksomheder fået hjælp."),
    "pl": ("Obrót nie przekracza {m}.", "Biuro nieczynne {d}", "Projekt musi zakończyć się do {d}", "Wyniki ogłosimy do {d}", "Budżet naboru wynosi {m}."),
    "hu": ("Az éves árbevétel legfeljebb {m}.", "Ügyfélszolgálatunk zárva tart: {d}", "A projekt befejezése legkésőbb {d}", "Döntés várható: {d}", "A teljes keret {m}."),
    "cy": ("Rhaid i'r trosiant fod o dan {m}.", "Mae'r swyddfa ar gau ar {d}.", "Rhaid cwblhau prosiectau erbyn {d}.", "Hyd yma helpwyd {n} busnes."),
}  # fmt: skip
