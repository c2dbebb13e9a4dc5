"""How many people work there; not beds, sites, vans, customers, ages or hopes."""

import pytest

from knowledge_base.profile import parse_profile


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("There are 14 of us in the unit.", 14),
        ("We've 14 staff and a forklift", 14),
        ("a 14-person firm in Walsall", 14),
        ("six man paint shop", 6),
        ("staff of 9, all local", 9),
        ("we're a team of forty", 40),
        ("41 staff", 41),
        ("Signwriters, 17 people, Derby", 17),
        ("We employ twenty-five", 25),
        ("we employ a hundred and twenty", 120),
        ("12 FTE", 12),
        ("Headcount: 33", 33),
        ("we are eleven", 11),
        ("we're 9 now", 9),
        ("a family of four run it", 4),
        ("client employs 38 people in Redditch", 38),
        ("about two dozen employees", {"from": 20, "to": 28}),
        ("there's just over 40 of us", {"from": 41, "to": 46}),
        ("nearly 20 staff", {"from": 17, "to": 19}),
        ("im a potter, just me", 1),
        ("weve 14 staff", 14),
        ("is there anything for a 3 person startup", 3),
        ("company size: 25", 25),
        ("1,200 employees across three plants", 1200),
        ("just me", 1),
        ("It's just me and the dog", 1),
        ("it is just me, a kettle and a laptop", 1),
        ("just me and my wife", 2),
        ("Me and two lads", 3),
        ("just me, my brother and two part-timers", 4),
        ("I work alone from the back bedroom", 1),
        ("one-man band, plastering", 1),
        ("6 full time and 4 part time", 10),
        ("6 full-timers plus 4 part-timers", 10),
        ("9 staff and 2 apprentices", 11),
        ("no employees yet", 0),
        ("we don't employ anyone", 0),
        ("fem anställda", None),
        ("metalworking firm in Dudley with 14 people and we want to cut waste", 14),
        ("we're a bakery with 9 people who bake all night", 9),
        ("35 ppl", 35),
        ("Ltd, 60 emp, Telford", 60),
        ("60 emps", 60),
        ("20 worker(s)", 20),
        ("we have 2 founders", 2),
        ("14 people in Dudley", 14),
        ("5 anställda", 5),
        ("There's only two of us and we touch every job four times", 2),
        ("Forty women sewing car seats", 40),
        ("Of our 52 people every young one leaves", 52),
        ("The thirty of us in Kington are afraid of new things", 30),
        ("Client in Kington, twelve of them", 12),
        ("my client, a dairy: they are 38 and grow", 38),
        ("Jade's left. so five, not six", 5),
        ("two joined last week, so that makes 14", 14),
        ("started with 2, up to 11 now", 11),
        ("Sixteen in the yard and I need a rest", 16),
        ("Tiny team (4), big orders", 4),
        ("Mum, dad and me run it", 3),
        ("two taxis, me and a part time driver", 2),
        ("On my own in a rented room", 1),
        ("two directors, eighteen staff", 18),
    ],
)
def test_people_are_counted(read, said, employees):
    assert read(said).facts.get("employees") == employees


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("10-15 people work here", {"from": 10, "to": 15}),
        ("we have between 10 and 15 employees", {"from": 10, "to": 15}),
        ("10 to 15 staff depending on the season", {"from": 10, "to": 15}),
        ("fewer than 50 staff", {"from": None, "to": 49}),
        ("under 50 employees", {"from": None, "to": 49}),
        ("over 20 staff", {"from": 21, "to": None}),
        ("at least 10 employees", {"from": 10, "to": None}),
        ("20+ staff", {"from": 20, "to": None}),
        ("up to 10 staff", {"from": None, "to": 10}),
        ("about a dozen of us", {"from": 10, "to": 14}),
        ("a dozen or so staff", {"from": 10, "to": 14}),
        ("we're 20ish", {"from": 17, "to": 23}),
        ("around 50 employees", {"from": 42, "to": 58}),
        ("five or six staff", {"from": 5, "to": 6}),
        ("we're 9 + apprentices", {"from": 9, "to": None}),
    ],
)
def test_a_hedge_stays_a_range(read, said, ends):
    assert read(said).facts["employees"] == ends


@pytest.mark.parametrize(
    "said",
    [
        "We run a 45 bed care home",
        "We have 3 sites and 12 vans",
        "I've been a joiner 20 years",
        "I'm sixty-one and tired",
        "We had 800 customers through the door",
        "We need to hire 6 staff",
        "we want to be 50 people by next year",
        "I want to train 12 staff in first aid",
        "Our biggest customer has 300 staff",
        "we lost 4 staff in the spring",
        "14 machines and nowhere to put them",
        "Is it just me or are forms getting longer",
        "It isn't just me any more",
        "I made 200 loaves for 90 people on Sunday",
        "We feed 200 people on a Sunday",
        "2 to 5 vans how",
        "the three of us who own it disagree",
        "They have 40 employees",
        "open 7 days, 9 to 5",
        "a 3 man tent",
        "We met 14 people in Dudley",
        "we met a firm with 14 people who do this",
        "I went on a walk with 9 people and a dog",
        "we used to have 20 staff",
        "14.5 staff",
        "startup, two founders, one smart dog bowl",
        "three sites, two of them abroad",
        "only two of us can run the press",
        "Two people arguing over a till",
        "I want to start on my own in Derby",
        "Dave left, so 3 vans are idle",
    ],
)
def test_other_numbers_are_left_alone(read, said):
    assert "employees" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("sorry, 41 staff", 41),
        ("actually we're 12", 12),
        ("14 staff, sorry, 15", 15),
        ("14 staff, no, 15 staff", 15),
        ("I said 14 of us, I mean 16 of us", 16),
        ("we were 20 staff, now 12 staff", 12),
        ("we went from 6 to 26 people in a year", 26),
        ("going from 9 to 15 staff", 9),
    ],
)
def test_only_the_corrected_number_counts(read, said, employees):
    assert read(said).facts["employees"] == employees


def test_two_numbers_that_disagree_become_the_range_between_them(read):
    assert read("14 staff in the book. The website says 18 staff.").facts["employees"] == {
        "from": 14,
        "to": 18,
    }


@pytest.mark.parametrize(
    ("answer", "employees"),
    [
        ("14", 14),
        ("about 14", {"from": 11, "to": 17}),
        ("fourteen", 14),
        ("14 including me", 14),
        ("14 plus me", 15),
        ("none", 0),
        ("10-15", {"from": 10, "to": 15}),
        ("4 years", None),
        ("3 sites", None),
        ("14 or 12k", None),
    ],
)
def test_a_bare_answer_is_read_as_what_was_asked(read, answer, employees):
    assert read(answer, asked="employees").facts.get("employees") == employees


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("sorry, 19 not 9", 19),
        ("19, not 9", 19),
        ("not 9, 19", 19),
        ("19 instead of 9", 19),
        ("not 9 but 19", 19),
        ("19 not 8", None),
        ("9 not 19", None),
        ("19 vans not 9", None),
    ],
)
def test_a_number_told_before_can_be_put_right_by_naming_both(read, said, employees):
    told = read(said, profile=parse_profile({"employees": 9}))

    assert told.facts.get("employees") == employees


def test_two_bare_numbers_put_nothing_right_when_none_was_told(read):
    assert not read("sorry, 19 not 9").facts


def test_a_bare_number_means_nothing_when_nothing_was_asked(read):
    assert not read("14").facts


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("There's fourteen on the shop floor and office together", 14),
        ("Haulage, 19 drivers plus me and the wife in the office", 21),
        ("Garage in Rhyl, four lads and me", 5),
        ("26 colleagues, we look for partners abroad", 26),
        ("IT support for schools, eight techs", 8),
        ("There's 8 on us at the forge", 8),
        ("Cider press, five full time", 5),
        ("Our sales are 14 million and 9 full-time people", 9),
        ("We're 3 full timers and 2 Saturday girls", 5),
        ("I've got seven working for me", 7),
        ("Nobody but me", 1),
        ("The shop is run by my daughter and me", 2),
    ],
)
def test_all_who_work_there_are_counted_in_anybodys_words(read, said, employees):
    assert read(said).facts["employees"] == employees


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("No I don't have 12 staff. I had 12. I've 7 now since the fire.", 7),
        ("It says 5 staff on your form. It's 8.", 8),
        ("You've got us down as 20 staff, it's 24", 24),
        ("Not 20 staff, 24.", 24),
        ("I've only 4 now, two retired", 4),
    ],
)
def test_a_number_that_was_put_wrongly_is_replaced(read, said, employees):
    assert read(said).facts["employees"] == employees


@pytest.mark.parametrize(
    "said",
    [
        "My brother runs a garage with ten lads",
        "The firm over the road with 9 staff gets a free survey",
        "The company next door, 40 staff, got a lift",
        "a mate of mine employs six and pays no rates",
        "My sister's salon has 5 staff",
        "Our supplier is a firm of 200 people",
        "We bought a firm with 12 staff",
        "We are solicitors. Ten fee earners.",
        "There's 3 machines on the shop floor and 2 in the yard together",
        "Myself and two colleagues are leaving the practice",
    ],
)
def test_the_people_of_others_are_not_counted(read, said):
    assert "employees" not in read(said).facts
