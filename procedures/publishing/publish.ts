import { literal, type Place, qualify } from '../ground/names.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { type Bind, execute, query, queryFirst, transaction, type Work } from '../ground/work.js';
import { overwriteRows } from './rows.js';

/** Kind of what is published, by the word that stands in LOS_PUBLICATIONS.KIND. */
export type PublicationKind =
  | 'holdout'
  | 'month'
  | 'week'
  | 'inputs'
  | 'exploration'
  | 'excess'
  | 'dates'
  | 'groups'
  | 'delays';

/** Figures of one kind that may be published, by subject, such as a month. */
export interface Offer {
  readonly kind: PublicationKind;
  /** SELECT of SUBJECT, CASE_ID, PATIENT and STATE: the stays of each subject, and as text what of a stay its figures follow from. */
  readonly members: string;
  /**
   * Rule for figures of so many groups that one stay shows in each: every round is about stays that no round before was about, and comes
   * when they are as many as the round before had, or as this.
   */
  readonly disjoint?: number;
  /** Gives the SELECT of SUBJECT and FIGURES (a VARIANT: a list of rows) of the subjects that are published. */
  figures(subjects: readonly string[]): Figures | Work<Figures>;
}

export interface Figures {
  readonly sql: string;
  readonly binds?: readonly Bind[];
}

/** Whose figures, and where they are kept. */
export interface Publisher {
  readonly place: Place;
  readonly dataset: string;
}

/** No round is as late. */
const OPEN = 1e9;
/** Stands for a stay and its state: 96 bits of a hash, so that two of a thousand million share one once in 10^11 times. */
const DIGITS = 24;

/**
 * Publishes figures about stays to those who may not read rows: the one way that there is. It knows the population of each figure, as hashes
 * of stays with what they count as, and all that was published before. A figure is published of ten patients and more, and where it differs from
 * each one of its kind with which it shares stays, its own earlier ones among them, by none, or on each side that differs by ten patients
 * and more; and where parts of it, or of one that it is a part of, leave none of that or ten stays and more: those of one kind, as weeks
 * of a month, and of two after each other, as months and then weeks of a holdout. A figure that is not renewed stays as it was.
 * An erased or corrected stay remains among those that were published: nothing comes that is one to nine patients away.
 * Where nothing may be published it is one statement.
 */
export function* publish(to: Publisher, offers: readonly Offer[]): Work<void> {
  const names = namesOf(to);
  const changed = changedSql(names, offers);
  // Of several that share a stay, or stays of what was published, one comes first; whether another may follow it is seen then.
  for (;;) {
    const found = yield* queryFirst(
      `SELECT COUNT(*) AS N, (SELECT COUNT(*) FROM (${names.key})) AS KEYS FROM (${selectAccepted(names, changed)})`,
    );
    if (Number(found?.KEYS) === 0) yield* makeKey(names);
    else if (Number(found?.N) === 0 || !(yield* publishChanged(names, offers, changed))) return;
  }
}

/** Makes what stays are hashed with. */
function* makeKey({ publications, dataset }: Names): Work<void> {
  yield* execute(`INSERT INTO ${publications} (DATASET, KIND, SUBJECT, ROUND, PUBLISHED_AT, PATIENTS, STAYS)
SELECT ${dataset}, 'key', UUID_STRING(), 0, CURRENT_TIMESTAMP(), 0, 0`);
}

/** @returns whether another look is worth it: something was published, and something else was not */
function* publishChanged(names: Names, offers: readonly Offer[], changed: string): Work<boolean> {
  const { publications, candidates, accepted } = names;
  yield* execute(`CREATE OR REPLACE TEMPORARY TABLE ${candidates} AS ${changed}`);
  yield* execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${accepted} (KIND VARCHAR, SUBJECT VARCHAR, ROUND NUMBER, PATIENTS NUMBER, STAYS NUMBER)`,
  );
  return yield* transaction(function* () {
    // Another session that publishes waits here until this is written.
    yield* execute(
      `UPDATE ${publications} SET ROUND = ROUND + 1 WHERE DATASET = ${names.dataset} AND KIND = 'key'`,
    );
    const select = selectAccepted(names, `SELECT * FROM ${candidates}`);
    if ((yield* execute(`INSERT INTO ${accepted} (KIND, SUBJECT, ROUND, PATIENTS, STAYS)\n${select}`)) === 0)
      return false;
    const rows = yield* query<{ KIND: string; SUBJECT: string; OFFERED: number }>(
      `SELECT KIND, SUBJECT, (SELECT COUNT(*) FROM (SELECT DISTINCT KIND, SUBJECT FROM ${candidates})) AS OFFERED FROM ${accepted} ORDER BY SUBJECT`,
    );
    for (const { kind, figures } of offers) {
      const subjects = rows.filter(({ KIND }) => KIND === kind).map(({ SUBJECT }) => SUBJECT);
      if (subjects.length === 0) continue;
      const made = figures(subjects);
      const { sql, binds = [] } = 'sql' in made ? made : yield* made;
      yield* execute(
        `INSERT INTO ${publications} (DATASET, KIND, SUBJECT, ROUND, PUBLISHED_AT, PATIENTS, STAYS, FIGURES)
SELECT ${names.dataset}, a.KIND, a.SUBJECT, a.ROUND, CURRENT_TIMESTAMP(), a.PATIENTS, a.STAYS, f.FIGURES
FROM ${accepted} AS a JOIN (${sql}) AS f ON f.SUBJECT = a.SUBJECT WHERE a.KIND = ${literal(kind)}`,
        binds,
      );
    }
    yield* execute(endLeft(names));
    yield* execute(insertJoined(names));
    yield* execute(names.rows);
    return rows.length < Number(rows[0]?.OFFERED);
  });
}

interface Names {
  readonly publications: string;
  readonly published: string;
  /** The statement that writes what is published now as rows. */
  readonly rows: string;
  readonly candidates: string;
  readonly accepted: string;
  /** SQL of the dataset's name. */
  readonly dataset: string;
  /** SELECT of what stays are hashed with. */
  readonly key: string;
}

function namesOf({ place, dataset }: Publisher): Names {
  const publications = qualify(place, 'LOS_PUBLICATIONS');
  return {
    publications,
    published: qualify(place, 'LOS_PUBLISHED_STAYS'),
    rows: overwriteRows(place),
    candidates: qualify(place, 'LOS_CANDIDATE_STAYS_TMP'),
    accepted: qualify(place, 'LOS_ACCEPTED_TMP'),
    dataset: literal(dataset),
    key: `SELECT SUBJECT AS K FROM ${publications} WHERE DATASET = ${literal(dataset)} AND KIND = 'key' ORDER BY PUBLISHED_AT, SUBJECT LIMIT 1`,
  };
}

/** SQL of what stands for a stay as it counts. @param key SQL of what is hashed with, as the other two */
function hashSql(key: string, id: string, state: string): string {
  return `LEFT(SHA2(${key} || ${id} || ' ' || ${state}), ${DIGITS})`;
}

/** SQL of whether a stay, by its id and state, is among those that the last round of a kind is about, or any round of any subject. */
export function isPublishedSql(
  to: Publisher,
  kind: PublicationKind,
  id: string,
  state: string,
  rounds: 'last' | 'any' = 'last',
): string {
  const { published, dataset, key } = namesOf(to);
  const now = rounds === 'last' ? ' AND TO_ROUND IS NULL' : '';
  return `COALESCE(${hashSql(`COALESCE((${key}), '')`, id, state)} IN (
  SELECT MEMBER FROM ${published} WHERE DATASET = ${dataset} AND KIND = ${literal(kind)}${now}), FALSE)`;
}

/** SELECT of the stays of each subject that is about others than what was published of it last. */
function changedSql({ publications, published, dataset, key }: Names, offers: readonly Offer[]): string {
  const each = offers.map(
    ({ kind, members }) =>
      `SELECT ${literal(kind)} AS KIND, SUBJECT, CASE_ID, PATIENT, STATE FROM (${members})`,
  );
  const disjoint = offers.filter((offer) => offer.disjoint !== undefined);
  const fewest = `DECODE(o.KIND, ${disjoint.map((offer) => `${literal(offer.kind)}, ${offer.disjoint}`).join(', ')})`;
  const fresh = `SELECT o.* FROM offered AS o
  LEFT JOIN (SELECT DISTINCT KIND, SUBJECT, MEMBER FROM ${published} WHERE DATASET = ${dataset} AND KIND IN (${disjoint.map(({ kind }) => literal(kind)).join(', ')})) AS k
    ON k.KIND = o.KIND AND k.SUBJECT = o.SUBJECT AND k.MEMBER = o.MEMBER
  LEFT JOIN last AS l ON l.KIND = o.KIND AND l.SUBJECT = o.SUBJECT
  WHERE k.MEMBER IS NULL QUALIFY COUNT(*) OVER (PARTITION BY o.KIND, o.SUBJECT) >= COALESCE(LEAST(l.STAYS, ${fewest}), 1)`;
  return `WITH offered AS (
  SELECT m.KIND, m.SUBJECT, ${hashSql('k.K', 'm.CASE_ID', 'm.STATE')} AS MEMBER, ${hashSql('k.K', "''", 'm.PATIENT')} AS PATIENT
  FROM (${each.join('\nUNION ALL\n')}) AS m CROSS JOIN (${key}) AS k
),
known AS (SELECT KIND, SUBJECT, MEMBER FROM ${published} WHERE DATASET = ${dataset} AND TO_ROUND IS NULL),
last AS (
  SELECT KIND, SUBJECT, STAYS FROM ${publications} WHERE DATASET = ${dataset} QUALIFY ROUND = MAX(ROUND) OVER (PARTITION BY KIND, SUBJECT)
),
fresh AS (${disjoint.length > 0 ? fresh : 'SELECT * FROM offered'}),
same AS (
  SELECT o.KIND, o.SUBJECT FROM (
    SELECT o.KIND, o.SUBJECT, COUNT(*) AS STAYS, COUNT(k.MEMBER) AS SHARED
    FROM offered AS o LEFT JOIN known AS k ON k.KIND = o.KIND AND k.SUBJECT = o.SUBJECT AND k.MEMBER = o.MEMBER GROUP BY o.KIND, o.SUBJECT
  ) AS o JOIN last AS p ON p.KIND = o.KIND AND p.SUBJECT = o.SUBJECT AND p.STAYS = o.STAYS AND o.SHARED = o.STAYS
)
SELECT o.KIND, o.SUBJECT, o.MEMBER, o.PATIENT FROM fresh AS o LEFT JOIN same AS s ON s.KIND = o.KIND AND s.SUBJECT = o.SUBJECT WHERE s.SUBJECT IS NULL`;
}

/** SELECT of the candidates that may be published, each with its round; of several that share a stay, or a publication's stays, the first. @param from SELECT of the candidates */
function selectAccepted({ publications, published, dataset }: Names, from: string): string {
  const roundSql = (stays: string, round: string) =>
    `${stays}.FROM_ROUND <= ${round}.ROUND AND COALESCE(${stays}.TO_ROUND, ${OPEN}) > ${round}.ROUND`;
  const isOwn = (row: string) => `${row}.KIND = m.OWN_KIND AND ${row}.SUBJECT = m.OWN`;
  const isMet = (row: string) =>
    `${row}.KIND = m.KIND AND ${row}.SUBJECT = m.SUBJECT AND ${roundSql(row, 'm')}`;
  const isSame = (row: string, whole: string) =>
    ['OWN_KIND', 'OWN', 'KIND', 'SUBJECT', 'ROUND']
      .map((name) => `${row}.${name} = ${whole}.${name}`)
      .join(' AND ');
  // A figure that is published or the candidate in question, and not the whole itself.
  const isOther = (whole: string) =>
    `(f.ROUND > 0 OR f.KIND = ${whole}.OWN_KIND AND f.SUBJECT = ${whole}.OWN) AND NOT (f.KIND = ${whole}.KIND AND f.SUBJECT = ${whole}.SUBJECT AND f.ROUND = ${whole}.ROUND)`;
  // Months share no stays, nor do weeks, so what several leave adds up; holdouts share some, and each is a set of its own; so do lines about dates and delays but those of
  // one grouping, the first word of their subjects.
  const setOf = (kind: string, subject: string) =>
    `CASE WHEN ${kind} = 'holdout' THEN ${subject} WHEN ${kind} IN ('dates', 'delays') THEN SPLIT_PART(${subject}, ' ', 1) ELSE ${kind} END`;
  return `WITH candidates AS (${from}),
stays AS (SELECT * FROM ${published} WHERE DATASET = ${dataset}),
rounds AS (SELECT KIND, SUBJECT, ROUND, STAYS FROM ${publications} WHERE DATASET = ${dataset}),
-- Each publication that shares a stay with a candidate.
met AS (
  SELECT DISTINCT c.KIND AS OWN_KIND, c.SUBJECT AS OWN, r.KIND, r.SUBJECT, r.ROUND
  FROM candidates AS c JOIN stays AS s ON s.MEMBER = c.MEMBER
  JOIN rounds AS r ON r.KIND = s.KIND AND r.SUBJECT = s.SUBJECT AND ${roundSql('s', 'r')}
),
-- Of those of the same kind: whom only the candidate is about, and whom only the publication.
sides AS (
  SELECT m.OWN_KIND, m.OWN, COUNT(DISTINCT c.PATIENT) AS PATIENTS
  FROM met AS m JOIN candidates AS c ON ${isOwn('c')} LEFT JOIN stays AS s ON ${isMet('s')} AND s.MEMBER = c.MEMBER
  WHERE s.MEMBER IS NULL AND m.KIND = m.OWN_KIND GROUP BY m.OWN_KIND, m.OWN, m.SUBJECT, m.ROUND
  UNION ALL
  SELECT m.OWN_KIND, m.OWN, COUNT(DISTINCT s.PATIENT)
  FROM met AS m JOIN stays AS s ON ${isMet('s')} LEFT JOIN candidates AS c ON ${isOwn('c')} AND c.MEMBER = s.MEMBER
  WHERE c.MEMBER IS NULL AND m.KIND = m.OWN_KIND GROUP BY m.OWN_KIND, m.OWN, m.SUBJECT, m.ROUND
),
-- All that may be added or subtracted: what was published, and as round 0 the candidates.
figures AS (
  SELECT r.KIND, r.SUBJECT, r.ROUND, r.STAYS, s.MEMBER
  FROM rounds AS r JOIN stays AS s ON s.KIND = r.KIND AND s.SUBJECT = r.SUBJECT AND ${roundSql('s', 'r')}
  UNION ALL SELECT KIND, SUBJECT, 0, COUNT(*) OVER (PARTITION BY KIND, SUBJECT), MEMBER FROM candidates
),
-- What others may be parts of: the candidate itself, and each publication that it shares stays with.
wholes AS (
  SELECT DISTINCT KIND AS OWN_KIND, SUBJECT AS OWN, KIND, SUBJECT, 0 AS ROUND FROM candidates
  UNION ALL SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND FROM met
),
whole_stays AS (
  SELECT w.*, f.MEMBER FROM wholes AS w JOIN figures AS f ON f.KIND = w.KIND AND f.SUBJECT = w.SUBJECT AND f.ROUND = w.ROUND
),
-- The parts of a whole: of each subject the round that leaves fewest stays of it, if it leaves fewer than it adds others.
parts AS (
  SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, PART_KIND, PART, PART_ROUND, ${setOf('PART_KIND', 'PART')} AS TAKEN
  FROM (
    SELECT w.OWN_KIND, w.OWN, w.KIND, w.SUBJECT, w.ROUND, f.KIND AS PART_KIND, f.SUBJECT AS PART, f.ROUND AS PART_ROUND, 2 * COUNT(*) - MAX(f.STAYS) AS GAIN
    FROM whole_stays AS w JOIN figures AS f ON f.MEMBER = w.MEMBER AND ${isOther('w')}
    GROUP BY w.OWN_KIND, w.OWN, w.KIND, w.SUBJECT, w.ROUND, f.KIND, f.SUBJECT, f.ROUND
  )
  WHERE GAIN > 0
  QUALIFY ROW_NUMBER() OVER (PARTITION BY OWN_KIND, OWN, KIND, SUBJECT, ROUND, PART_KIND, PART ORDER BY GAIN DESC, PART_ROUND) = 1
),
-- What is left of a whole without the parts of one set, and of the whole itself (TAKEN ''). TIMES: below 0 for those that it is not about.
lefts AS (
  SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, MEMBER, SUM(TIMES) AS TIMES
  FROM (
    SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, '' AS TAKEN, MEMBER, 1 AS TIMES FROM whole_stays
    UNION ALL SELECT w.OWN_KIND, w.OWN, w.KIND, w.SUBJECT, w.ROUND, p.TAKEN, w.MEMBER, 1
    FROM whole_stays AS w JOIN (SELECT DISTINCT OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN FROM parts) AS p ON ${isSame('p', 'w')}
    UNION ALL SELECT p.OWN_KIND, p.OWN, p.KIND, p.SUBJECT, p.ROUND, p.TAKEN, f.MEMBER, -1
    FROM parts AS p JOIN figures AS f ON f.KIND = p.PART_KIND AND f.SUBJECT = p.PART AND f.ROUND = p.PART_ROUND
  )
  GROUP BY OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, MEMBER HAVING SUM(TIMES) <> 0
),
-- By how many a second set leaves fewer of that.
gains AS (
  SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, PARTS, SUM(GAIN) AS GAIN
  FROM (
    SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, ${setOf('PART_KIND', 'PART')} AS PARTS, MAX(GAIN) AS GAIN
    FROM (
      SELECT w.OWN_KIND, w.OWN, w.KIND, w.SUBJECT, w.ROUND, w.TAKEN, f.KIND AS PART_KIND, f.SUBJECT AS PART,
        GREATEST(COUNT_IF(w.TIMES > 0), COUNT_IF(w.TIMES < 0)) + COUNT(*) - MAX(f.STAYS) AS GAIN
      FROM lefts AS w JOIN figures AS f ON f.MEMBER = w.MEMBER AND ${isOther('w')}
      GROUP BY w.OWN_KIND, w.OWN, w.KIND, w.SUBJECT, w.ROUND, w.TAKEN, f.KIND, f.SUBJECT, f.ROUND
    )
    WHERE GAIN > 0 GROUP BY OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, PART_KIND, PART
  ) GROUP BY OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, PARTS
),
rests AS (
  SELECT l.OWN_KIND, l.OWN, l.STAYS - COALESCE(g.GAIN, 0) AS STAYS
  FROM (SELECT OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN, COUNT(*) AS STAYS FROM lefts GROUP BY OWN_KIND, OWN, KIND, SUBJECT, ROUND, TAKEN) AS l
  LEFT JOIN gains AS g ON ${isSame('g', 'l')} AND g.TAKEN = l.TAKEN
),
near AS (
  SELECT OWN_KIND, OWN FROM sides WHERE PATIENTS < ${FEWEST_PATIENTS}
  UNION SELECT OWN_KIND, OWN FROM rests WHERE STAYS BETWEEN 1 AND ${FEWEST_PATIENTS - 1}
),
apart AS (
  SELECT c.KIND, c.SUBJECT, COUNT(DISTINCT c.PATIENT) AS PATIENTS, COUNT(DISTINCT c.MEMBER) AS STAYS
  FROM candidates AS c LEFT JOIN near AS m ON ${isOwn('c')}
  WHERE m.OWN IS NULL GROUP BY c.KIND, c.SUBJECT HAVING COUNT(DISTINCT c.PATIENT) >= ${FEWEST_PATIENTS}
),
first AS (
  SELECT KIND, SUBJECT, MAX(PLACE) AS PLACE FROM (
    SELECT a.KIND, a.SUBJECT, ROW_NUMBER() OVER (PARTITION BY c.MEMBER ORDER BY a.KIND, LENGTH(a.SUBJECT), a.SUBJECT) AS PLACE
    FROM apart AS a JOIN candidates AS c ON c.KIND = a.KIND AND c.SUBJECT = a.SUBJECT
    -- Two that are each far enough from a publication may together leave few of it.
    UNION ALL SELECT a.KIND, a.SUBJECT, ROW_NUMBER() OVER (PARTITION BY m.KIND, m.SUBJECT, m.ROUND ORDER BY a.KIND, LENGTH(a.SUBJECT), a.SUBJECT)
    FROM apart AS a JOIN met AS m ON ${isOwn('a')}
  ) GROUP BY KIND, SUBJECT
)
SELECT a.KIND, a.SUBJECT, COALESCE(MAX(r.ROUND), 0) + 1, MAX(a.PATIENTS), MAX(a.STAYS)
FROM apart AS a JOIN first AS f ON f.KIND = a.KIND AND f.SUBJECT = a.SUBJECT AND f.PLACE = 1
LEFT JOIN rounds AS r ON r.KIND = a.KIND AND r.SUBJECT = a.SUBJECT
GROUP BY a.KIND, a.SUBJECT`;
}

/** UPDATE of the stays that a published figure is no longer about. */
function endLeft({ published, candidates, accepted, dataset }: Names): string {
  return `UPDATE ${published} AS t SET TO_ROUND = a.ROUND FROM ${accepted} AS a
WHERE t.DATASET = ${dataset} AND t.KIND = a.KIND AND t.SUBJECT = a.SUBJECT AND t.TO_ROUND IS NULL
  AND NOT EXISTS (SELECT 1 FROM ${candidates} AS c WHERE c.KIND = t.KIND AND c.SUBJECT = t.SUBJECT AND c.MEMBER = t.MEMBER)`;
}

/** INSERT of those that it is about from this round on. */
function insertJoined({ published, candidates, accepted, dataset }: Names): string {
  return `INSERT INTO ${published} (DATASET, KIND, SUBJECT, MEMBER, PATIENT, FROM_ROUND)
SELECT ${dataset}, c.KIND, c.SUBJECT, c.MEMBER, c.PATIENT, a.ROUND
FROM ${candidates} AS c JOIN ${accepted} AS a ON a.KIND = c.KIND AND a.SUBJECT = c.SUBJECT
LEFT JOIN (SELECT KIND, SUBJECT, MEMBER FROM ${published} WHERE DATASET = ${dataset} AND TO_ROUND IS NULL) AS s
  ON s.KIND = c.KIND AND s.SUBJECT = c.SUBJECT AND s.MEMBER = c.MEMBER
WHERE s.MEMBER IS NULL`;
}
