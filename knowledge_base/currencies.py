"""The currencies money may be in: ISO 4217 codes in use in 2026, and what people write instead of them."""

from __future__ import annotations

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())

OF_COUNTRY = {
    "uk": "GBP",
    "sweden": "SEK",
    "denmark": "DKK",
    "poland": "PLN",
    "hungary": "HUF",
    "eu": "EUR",
}
"""The currency of an area and of what lies in it; a country stands before the union it belongs to."""

_MEANT = {
    **dict.fromkeys(("£", "POUND", "POUNDS", "POUNDS STERLING", "STERLING", "UKP", "GB", "STG"), "GBP"),
    **dict.fromkeys(("€", "EURO", "EUROS", "EU"), "EUR"),
    **dict.fromkeys(("KRONA", "KRONOR", "SKR", "SWEDISH KRONA"), "SEK"),
    **dict.fromkeys(("KRONE", "KRONER", "DANISH KRONE"), "DKK"),
    **dict.fromkeys(("ZŁ", "ZL", "ZLOTY", "ZŁOTY"), "PLN"),
    **dict.fromkeys(("FORINT", "FT"), "HUF"),
    **dict.fromkeys(("$", "DOLLAR", "DOLLARS", "US$"), "USD"),
}
_TO_EURO = "ATS BEF BGN CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK"
_FORMER = {
    **dict.fromkeys(_TO_EURO.split(), "EUR"),
    "ANG": "XCG",
    "MRO": "MRU",
    "SLL": "SLE",
    "STD": "STN",
    "TRL": "TRY",
    "VEF": "VES",
    "ZWL": "ZWG",
}


def currency_fault(text: str) -> tuple[str, str] | None:
    """Say what is wrong with a currency, and how to mend it; None where it is in use."""
    if text in CURRENCIES:
        return None
    name = text.strip().upper()[:20]
    if name in _FORMER:
        return "is a currency no longer in use", f"write {_FORMER[name]}, with the amounts in it"
    meant = name if name in CURRENCIES else _MEANT.get(name)
    if meant:
        return "is not the code of a currency", f"write {meant} if that is meant"
    return (
        "is not the code of a currency in use",
        "write the three letters of ISO 4217, such as GBP, EUR or SEK",
    )
