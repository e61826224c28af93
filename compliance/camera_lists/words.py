"""What the columns of councils' lists are called, in the languages in which such lists were seen."""

import re
import unicodedata

# field → headings that mean it; headings that can mean it; headings that mean it where nothing better is
HEADINGS: dict[str, tuple[str, str, str]] = {
    "operator_ref": (
        "camera id|camera no|camera number|camera num|camera ref|camera reference|camera code|cam id|cam no|cam number|"
        "cam num|cam ref|cctv id|cctv no|cctv number|cctv ref|cctv camera number|cctv camera no|cctv camera id|camera|"
        "asset id|asset no|asset number|unit id|unit no|unit number|council id|council ref|rhif camera|rhif y camera|"
        "rhif y camera cctv|cyfeirnod camera|cameranummer|camera nummer|numero camera|numero de camera|id camera|"
        "id camara|numero camara|kamera|nr kamery|numer kamery|cislo kamery",
        "id|ref|ref no|reference|reference no|reference number|no|number|nr|num|numero|nummer|code|rhif|cyfeirnod|"
        "identifier|unique id|uid|site id|site no|site number|site ref|location id|location no|location number|"
        "cislo|numer",
        "uprn|objectid|object id|"
        "fid|oid|gid|feature num|feature id|feature number|index|row|ogc fid|globalid|global id",
    ),
    "location": (
        "location|camera location|cctv location|location description|site location|address|site address|street|"
        "street name|road|road name|location name|location address|camera address|lleoliad|lleoliad y camera|cyfeiriad|"
        "stryd|locatie|straat|adres|emplacement|implantation|adresse|rue|voie|ubicacion|direccion|calle|standort|"
        "strasse|lokalizacja|ulica|umisteni|ulice",
        "site|site name|place|camera name|cam name|cctv name|name|description|camera description|landmark|premises|nom|"
        "nombre|naam|omschrijving|enw|enw camera|disgrifiad|title|label|nazwa|nazev|location a",
        "feature alias|alias|details",
    ),
    "locality": (
        "locality|town|city|settlement|village|town city|post town|tref|plaats|ville|commune|municipio|miasto|mesto",
        "neighbourhood|neighborhood|quartier|barrio|buurt|wijk|borough|community|parish",
        "district",
    ),
    "ward": (
        "ward|ward name|electoral ward|electoral division|adran etholiadol|enw ward",
        "area name",
        "area|division",
    ),
    "ward_code": ("ward code|ward gss|electoral ward code|ward gss code|cod ward|ward cd", "area code", "gss code"),
    "postcode": (
        "postcode|post code|postal code|pcode|cod post|full postcode",
        "zip|zip code|zipcode|code postal|codigo postal|plz|pc",
        "",
    ),
    "camera_type": (
        "camera type|type of camera|cam type|cctv type|type|math|math o gamera|type de camera|cameratype|tipo",
        "kind|category|camera category|equipment|equipment type",
        "",
    ),
    "mount": ("mount|mounting|mounting type|mounted on|mount type|fixing|column type|pole type", "", ""),
    "direction": ("direction|bearing|heading|azimuth|orientation|camera direction|facing|direction degrees", "", ""),
    "view_description": (
        "view|field of view|area of view|view description|coverage|coverage area|area covered|area of coverage|views|"
        "camera view|golwg|viewing|looking at",
        "fov",
        "",
    ),
    "latitude": (
        "latitude|lat|latitud|breedtegraad|lledred|breitengrad|gps lat|gps latitude|szerokosc geograficzna|"
        "zemepisna sirka|lat wgs84|latitude wgs84|wgs84 latitude|decimal latitude|camera latitude",
        "",
        "",
    ),
    "longitude": (
        "longitude|long|lon|lng|longitud|lengtegraad|hydred|langengrad|gps long|gps lon|gps longitude|lon wgs84|"
        "dlugosc geograficzna|zemepisna delka|longitude wgs84|wgs84 longitude|decimal longitude|camera longitude",
        "",
        "",
    ),
    "easting": ("easting|eastings|osgb easting|os easting|bng easting|dwyreiniad|x easting|x bng", "east", "e"),
    "northing": ("northing|northings|osgb northing|os northing|bng northing|gogleddiad|y northing|y bng", "north", "n"),
    "x": ("x|xcoord|x coord|x coordinate|coord x|point x|geo x|x co ordinate|xcoordinate|pos x", "", ""),
    "y": ("y|ycoord|y coord|y coordinate|coord y|point y|geo y|y co ordinate|ycoordinate|pos y", "", ""),
    "wkt": (
        "wkt|geom|geometry|the geom|wkt geom|geometry wkt|lat long|lat lon|latlong|latlon|latitude longitude|"
        "lat lng|coordinates|coords|co ordinates|gps|gps coordinates|geo point 2d|geo point|geolocation|geo location",
        "shape|point|coordinate|position|grid ref|grid reference|os grid ref|os grid reference|ngr|osgr|cyfeirnod grid",
        "",
    ),
    "installed_on": (
        "installed|installed on|install date|installation date|date installed|date of installation|commissioned|"
        "date commissioned|commissioning date|date de mise en service|dyddiad gosod|gosodwyd|in use since|live since",
        "",
        "",
    ),
    "status": ("status|statws|camera status|operational status|current status", "state|condition|operational", ""),
}
SCORES = (1.0, 0.8, 0.35)
LONGEST_HEADING = 200  # characters that are looked at
EXACT: dict[str, tuple[str, float]] = {
    phrase: (field, score)
    for field, groups in HEADINGS.items()
    for group, score in zip(groups, SCORES, strict=True)
    for phrase in group.split("|")
    if phrase
}
# Words that say enough wherever they stand in a longer heading
INSIDE = (
    (re.compile(r"\bwd\d\dcd\b|\bward\b.*\b(code|cd)\b"), "ward_code", 0.75),
    (re.compile(r"\bwd\d\dnm\b|\bward\b"), "ward", 0.6),
    (re.compile(r"\b(latitude|lledred|lat)\b"), "latitude", 0.8),
    (re.compile(r"\b(longitude|hydred|long|lon|lng)\b"), "longitude", 0.8),
    (re.compile(r"\b(easting|eastings)\b"), "easting", 0.85),
    (re.compile(r"\b(northing|northings)\b"), "northing", 0.85),
    (re.compile(r"\bpost ?code\b"), "postcode", 0.6),
    (re.compile(r"\b(camera|cam|cctv)\b.*\b(id|no|num|number|ref|reference|code)\b"), "operator_ref", 0.75),
    (re.compile(r"\b(camera|cam|cctv)\b.*\btype\b"), "camera_type", 0.7),
    (re.compile(r"\b(location|address|street|lleoliad)\b"), "location", 0.55),
    (re.compile(r"\b(town|city)\b"), "locality", 0.5),
    (re.compile(r"\b(install(ed|ation)?|commission(ed|ing)?)\b.*\bdate\b|\bdate\b.*\binstall"), "installed_on", 0.7),
)
A_COUNT = re.compile(r"\b(number|no|count|total|sum) of\b|^(count|total|quantity|qty)\b")
# Names of fields that people may type beside our own
FIELD_NAMES = {
    "reference": "operator_ref", "ref": "operator_ref", "id": "operator_ref", "number": "operator_ref",
    "camera_ref": "operator_ref", "camera_id": "operator_ref", "type": "camera_type", "lat": "latitude",
    "lon": "longitude", "long": "longitude", "lng": "longitude", "town": "locality", "view": "view_description",
    "installed": "installed_on", "point": "wkt", "location_description": "location", "address": "location",
}  # fmt: skip


def plain_heading(heading: str) -> str:
    """Words of a heading in lower case without accents and signs: “cameraLocation” and “Camera_Location” are one."""
    spaced = re.sub(
        r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=[A-Z]+$)", " ", heading[:LONGEST_HEADING].replace("ł", "l")
    )
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare.casefold()).strip()


def meanings(heading: str) -> list[tuple[str, float]]:
    """What a heading may mean, with how sure that is (0 to 1); empty where it says nothing."""
    plain = plain_heading(heading)
    if plain in EXACT:
        return [EXACT[plain]]
    if counts(heading):
        return []
    joined = plain.replace(" ", "")
    for phrase in (joined, re.sub(r"^(camera|cctv)", "", joined)):
        if phrase in EXACT and len(phrase) > 2:
            field, score = EXACT[phrase]
            return [(field, score * 0.9)]
    return [(field, score) for pattern, field, score in INSIDE if pattern.search(plain)][:1]


def counts(heading: str) -> bool:
    """It names a number of things, which is no number of a camera."""
    return bool(A_COUNT.search(plain_heading(heading)))


def is_heading(text: str) -> bool:
    """It surely names a column."""
    return any(score >= 0.8 for _field, score in meanings(text))
