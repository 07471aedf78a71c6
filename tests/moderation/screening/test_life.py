"""A life in danger is seen in four languages; advice, figures of speech and the past are not an emergency."""

import re
import tomllib

import pytest

from moderation.screening.findings import URGENT, Screened
from moderation.screening.phases.life import DATA, fold, phrases, threat_to_life


def alarmed(body, title=""):
    """Return the words that raise the alarm."""
    return [(title if f.field == "title" else body)[f.start : f.end] for f in threat_to_life(Screened(title, body, "und"))]


EMERGENCIES = [
    # French
    "Je n’ai plus d’insuline depuis hier",
    "Nous n'avons plus d'oxygène pour ma mère",
    "Mon père ne respire plus !",
    "Quelqu’un ne respire pas ici",
    "Elle n'arrive plus à respirer",
    "Il est inconscient depuis dix minutes",
    "Ma femme a perdu connaissance",
    "Il perd beaucoup de sang",
    "Il fait un infarctus",
    "Elle est en train de faire une overdose",
    "Nous allons mourir ici",
    "Il est en train de mourir",
    "On nous tire dessus",
    "Ils tirent sur la foule devant l'hôtel",
    "Ils vont nous tuer",
    "Nous sommes retenus en otage",
    "Mon frère a été kidnappé hier",
    "Je suis menacé de mort",
    "Des gens sont sous les décombres",
    "Nous sommes bloqués par les flammes",
    "Piégés dans les eaux, vite",
    "L’eau monte et nous sommes sur le toit",
    "Je veux mourir",
    "Je vais me tuer ce soir",
    "Je pense à mettre fin à mes jours",
    "Je n'ai plus envie de vivre",
    "Mon mari ne respire pas, que faire",
    "Ma fille a perdu connaissance dans le bus",
    "On n'a plus d'insuline ni de vivres",
    "Mon fils ne trouve plus d’insuline ici",
    "Nous sommes pris en otages à l'hôtel",
    "Quelqu'un est inconscient sur la plage",
    "Je suis coincé dans l'incendie",
    "Ils vont me tuer",
    "Je prefere mourir que rester ici",
    "Je pense à en finir avec la vie",
    # Dutch
    "Ik heb geen insuline meer",
    "De insuline is op, wat nu",
    "We zitten vast en mijn zus krijgt geen insuline meer na morgenavond",
    "We vinden nergens insuline",
    "Mijn vader ademt niet meer",
    "Ik krijg geen lucht meer",
    "Hij ligt bewusteloos op straat",
    "Ze bloedt heel hevig",
    "Hij heeft een hartaanval",
    "We gaan hier sterven",
    "Hij is aan het sterven",
    "Wij worden beschoten",
    "Ze schieten op mensen",
    "Ze gaan ons vermoorden",
    "Mijn zus is ontvoerd",
    "We worden met de dood bedreigd",
    "Er liggen mensen onder het puin",
    "We zitten vast in het vuur",
    "Ingesloten door het water",
    "Het water stijgt en we zitten op het dak",
    "Ik wil zelfmoord plegen",
    "Ik wil niet meer leven",
    "Ik wil dood",
    "We hebben geen zuurstof meer",
    "Mijn vrouw ademt niet",
    "Iemand ademt niet meer, help",
    "Hij is bewusteloos",
    "Zij heeft een beroerte",
    "Ze worden hier beschoten",
    "Ze willen mij vermoorden",
    "Onze gids is ontvoerd",
    "Ik denk aan zelfdoding",
    "Ik wil sterven",
    "Het water stijgt nu snel",
    # German
    "Ich habe kein Insulin mehr",
    "Meine Tochter bekommt kein Insulin mehr",
    "Wir haben keinen Sauerstoff mehr",
    "Das Insulin ist alle",
    "Mein Vater atmet nicht mehr",
    "Ich bekomme keine Luft mehr",
    "Er liegt bewusstlos da",
    "Sie blutet sehr stark",
    "Er nahm eine Überdosis",
    "Er hat gerade einen Herzinfarkt",
    "Wir werden hier sterben",
    "Er liegt im Sterben",
    "Wir werden beschossen",
    "Sie schießen auf Leute",
    "Sie wollen uns umbringen",
    "Meine Schwester wurde entführt",
    "Wir werden als Geiseln festgehalten",
    "Ich werde mit dem Tod bedroht",
    "Menschen unter den Trümmern",
    "Eingeschlossen von den Flammen",
    "Das Wasser steigt und steigt",
    "Ich will mich umbringen",
    "Ich möchte sterben",
    "Ich will nicht mehr leben",
    "Sie hat einen Schlaganfall",
    "Jemand atmet nicht",
    "Meine Mutter ist bewusstlos",
    "Auf uns wird geschossen",
    "Er will mich umbringen",
    "Wir sind eingeschlossen von dem Wasser",
    "Unser Fahrer wurde entführt",
    "Ich will mir das Leben nehmen",
    # English
    "I have no insulin left",
    "My sister cannot get insulin here",
    "We are out of oxygen",
    "My father is not breathing",
    "She stopped breathing",
    "I can't breathe",
    "He is unconscious",
    "He is bleeding badly",
    "She is having a heart attack",
    "He took an overdose",
    "We are going to die here",
    "He's dying",
    "We are being shot at",
    "They are shooting at people",
    "They want to kill us",
    "My sister has been kidnapped",
    "We are held hostage",
    "They threatened to kill me",
    "People are under the rubble",
    "Trapped in the fire",
    "Stuck in a flood",
    "The water is rising fast",
    "I want to kill myself",
    "I'm thinking of suicide",
    "I don't want to live",
    "I want to die",
]

ORDINARY = [
    # advice
    "Si quelqu’un ne respire plus, appelez le 112",
    "En cas d'infarctus, l'hôpital Rebagliati fait un infarctus en priorité",
    "S'il perd du sang, comprimez la plaie",
    "Lorsqu'une personne est inconsciente, ne lui donnez rien à boire",
    "Als iemand bewusteloos is, bel 112",
    "Indien hij een hartaanval heeft, bel 105",
    "Mocht iemand hevig bloeden, druk op de wonde",
    "Wenn jemand nicht mehr atmet: ist bewusstlos, Notruf 112",
    "Falls er einen Herzinfarkt hat, ruft die 106",
    "If somebody is unconscious, call 112",
    "In case of fire: when someone is not breathing, call",
    "Should anyone be bleeding badly, call 105",
    # figures of speech
    "Je vais mourir de rire",
    "On va mourir de chaud dans ce bus",
    "C'est à mourir d'ennui : nous allons mourir de faim avant Cusco",
    "We gaan hier sterven van de honger in de rij",
    "Ik wil dood van de schaamte",
    "Wir werden hier sterben vor Langeweile",
    "I'm dying to see Machu Picchu",
    "We are going to die of boredom",
    "Food to die for: I'm dying to go back",
    "See Uyuni before you die: I want to die happy there",
    # the past, and things on show
    "L'année dernière, mon père a été kidnappé au retour d'une fête, tout va bien",
    "Vorig jaar is mijn buurman ontvoerd, nu is het rustig",
    "Letztes Jahr wurde ein Bus entführt",
    "In 1996 they were held hostage: 72 people were taken hostage in the residence",
    "Film over een gijzeling: ze werden gegijzeld",
    "The museum shows how people were taken hostage",
    "Un mémorial : des gens sous les décombres en 1970",
    # words that look like it
    "La pharmacie a de l'insuline, sans ordonnance",
    "Insuline vind je bij Inkafarma",
    "Insuline krijg je in de apotheek, geen probleem",
    "Als je geen insuline vindt, vraag het aan de ambassade",
    "If you cannot get insulin, ask the embassy",
    "Er is zuurstof op 4.800 meter hoogte",
    "Killing time at the airport",
    "Deadline is morgen",
    "De batterij van mijn gsm is dood",
    "Mein Handy ist tot",
    "Le téléphone est mort",
    "Schieten ze wat op met de werken?",
    "Die Straße ist tot, nehmt den Bus",
    "Bloedmooi uitzicht",
    "Het water stijgt niet meer",
    "L'eau monte rarement ici",
    "Gewapende agenten aan de grens",
    "Bring cash, the machine is out of order",
    "Ils tirent les prix vers le bas",
    "Neem genoeg water mee",
    "The bus is dead slow",
    "Hij schiet mooie foto's",
    "On tire de l'argent au guichet",
]


@pytest.mark.parametrize("sentence", EMERGENCIES)
def test_emergency_is_seen(sentence):
    assert alarmed(sentence), sentence
    assert alarmed("Hallo. " + sentence.upper() + " Help."), "in capitals"
    assert alarmed("", sentence), "in the title"


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_sentence_is_not(sentence):
    assert alarmed(sentence) == []


def test_advice_beside_an_emergency_does_not_silence_it():
    body = "Als iemand bewusteloos is, bel 112. Mijn vader ademt niet meer. Wat moet ik doen?"
    assert alarmed(body) == ["Mijn vader ademt niet meer"]


def test_position_is_that_of_the_original_words():
    body = "Où ? À Arequipa… Je n’ai plus d’insuline !"
    (finding,) = threat_to_life(Screened("", body, "fr"))
    assert (body[finding.start : finding.end], finding.severity) == ("Je n’ai plus d’insuline", URGENT)


@pytest.mark.parametrize("words", ["Élève ŒUVRE ß İstanbul ﬁ ’’ \u00a0x\n", "日本語 العربية", "", "e\u0301"])
def test_fold_keeps_every_position(words):
    assert len(fold(words)) == len(words)


def test_fold_takes_accents_case_and_apostrophes_off():
    assert fold("Élève n’a ÇA\u00a0là\u202f!") == "eleve n'a ca la !"


def test_every_phrase_compiles_and_every_language_has_its_own():
    data = tomllib.loads(DATA.read_text())
    assert set(data["alarm"]) == set(data["quiet"]) == {"fr", "nl", "de", "en"}
    assert all(len(phrases_) >= 18 for phrases_ in data["alarm"].values())
    alarm, quiet = phrases()
    assert alarm.pattern != quiet.pattern


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_phrase_has_a_case(language):
    data = tomllib.loads(DATA.read_text())
    cases = [fold(sentence) for sentence in EMERGENCIES]
    unseen = [p for p in data["alarm"][language] if not any(re.search(rf"(?<!\w)(?:{p})(?!\w)", case) for case in cases)]
    assert unseen == []
