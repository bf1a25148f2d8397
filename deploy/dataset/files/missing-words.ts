/** Texts that say that a value is not there, in some languages, in small letters without accents: missing only where a column is of something else. */
const WORDS: ReadonlySet<string> = new Set(
  `na|nan|n.a.|n.a|.|..|-|--|---|x|xx|none|nil|missing|unknown|unk|unkn|not known|not available|not recorded|not applicable|not given|not done|pending|tbd|open
unbekannt|unbek.|nicht bekannt|nicht erhoben|nicht angegeben|keine angabe|keine angaben|ohne angabe|k.a|ka|entfallt|ausstehend|folgt|offen|fehlt|leer|ohne
inconnu|inconnue|nc|n.c.|nr|non renseigne|non renseignee|non connu|nd|n.d.|absent|en cours
desconocido|desconocida|no consta|sin dato|sin datos|no disponible|s/d|pendiente
sconosciuto|sconosciuta|non noto|non nota|non disponibile|assente|in corso
onbekend|niet bekend|n.v.t.|nvt|geen|ontbreekt
0000-00-00|0000-00-00 00:00:00|00.00.0000|00/00/0000|00-00-0000`.split(/[|\n]/),
);

/** Whether a text says that a value is missing. */
export function saysMissing(text: string): boolean {
  return WORDS.has(
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/^[([<]+|[)\]>]+$/g, '')
      .trim(),
  );
}
