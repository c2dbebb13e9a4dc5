"""The closed lists: the words that code, records, screens and training data share."""

from __future__ import annotations

NEEDS = (
    "understand_innovation",
    "process_improvement",
    "digital_adoption",
    "product_development",
    "customer_insight",
    "research_collaboration",
    "social_innovation",
    "sustainability",
    "finance",
    "skills_leadership",
    "peer_networks",
    "export_markets",
    "intellectual_property",
    "start_up",
    "scale_up",
    "premises",
)

ACTS = (
    "describe_need",
    "give_profile",
    "change_profile",
    "refine",
    "ask_events",
    "ask_offer_details",
    "ask_eligibility",
    "compare_options",
    "ask_definition",
    "ask_how_it_works",
    "save_or_share",
    "inform_progress",
    "talk_to_human",
    "privacy_request",
    "complaint_feedback",
    "affirm",
    "deny",
    "greet",
    "goodbye",
    "thanks",
    "restart",
    "out_of_scope",
)

FACTS = (
    "employees",
    "place",
    "sector",
    "turnover",
    "trading_months",
    "legal_form",
    "stage",
    "amount",
    "deadline",
    "languages",
    "refuses",
    "done",
    "subsidy_received",
)

KINDS = (
    "grant",
    "loan",
    "guarantee",
    "equity",
    "tax_relief",
    "voucher",
    "advice",
    "diagnostic",
    "training",
    "mentoring",
    "network",
    "event",
    "research_collaboration",
    "facility",
    "toolkit",
    "award",
)

PROVIDER_TYPES = ("public", "private", "membership", "university", "charity", "social_enterprise")

PHASES = {
    "get_clear": ("explore", "diagnose", "plan"),
    "get_ready": ("build_capability", "collaborate"),
    "get_funded": ("fund",),
    "get_going": ("implement", "sustain"),
}
JOURNEY_STAGES = tuple(stage for stages in PHASES.values() for stage in stages)

BUSINESS_STAGES = ("pre_start", "start_up", "established", "scale_up")

WINDOW_STATUSES = ("rolling", "dated", "annual", "closed", "unknown")

# Groups of SIC 2007 / NACE Rev. 2 sections, flat: a business is in exactly one.
SECTORS = {
    "agriculture": "farming, forestry and fishing (section A)",
    "food_drink": "making food and drink (divisions 10-12)",
    "manufacturing": "making anything else; quarrying (sections B, C)",
    "energy_environment": "energy, water, waste and recycling (sections D, E)",
    "construction": "building and trades (section F)",
    "retail_wholesale": "shops, wholesale, vehicle sales and repair (section G)",
    "transport_logistics": "transport and storage (section H)",
    "hospitality_tourism": "hotels, food service, tourism (section I)",
    "digital_tech": "software, IT, telecoms, data (divisions 58.2, 61-63)",
    "creative_media": "media, design, arts, publishing, games, leisure (58-60, 74.1, section R)",
    "finance_property": "finance, insurance, property (sections K, L)",
    "professional_services": "professional, scientific, engineering and office services (sections M, N)",
    "education_training": "education and training (section P)",
    "health_social_care": "health, care homes, childcare, vets (section Q, 75)",
    "life_sciences": "pharma, medical devices, biotech (divisions 21, 32.5, 72.1)",
    "other_services": "hair, beauty, repair, cleaning, membership bodies, community groups (section S)",
}

LEGAL_FORMS = (
    "not_yet_formed",
    "sole_trader",
    "partnership",
    "llp",
    "limited_company",
    "plc",
    "community_interest_company",
    "charity",
    "co_operative",
    "unincorporated_association",
    "public_body",
)
