import { literal, type Place, qualify } from '../ground/names.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { execute, query, queryFirst, transaction, type Work } from '../ground/work.js';

/** What is published, by the word that stands in LOS_PUBLICATIONS.KIND. */
export type PublicationKind = 'holdout' | 'month' | 'week' | 'inputs';

/** Figures of one kind that are to be published, by subject, such as a month. Subjects of one kind that are offered at once share no stay. */
export interface Candidates {
  readonly kind: PublicationKind;
  /** SELECT of SUBJECT, CASE_ID, PATIENT and STATE: the stays of each subject, and as text what of a stay its figures follow from. */
  readonly members: string;
  /** SELECT of SUBJECT and FIGURES (a VARIANT: a list of rows). @param subjects SELECT of the subjects that are published */
  figures(subjects: string): string;
  /** Values for the `?` of `figures`. */
  readonly binds?: readonly string[];
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
 * of stays with what they count as, and all that was published before. A figure is published where its population has ten patients and more and
 * differs from that of each publication with which it shares a stay by none, or on each side that differs by ten patients and more. So no
 * difference of two figures, of whatever day or view, is about fewer. A figure that is not renewed stays as it was.
 * An erased or corrected stay remains among those that were published: nothing comes that is one to nine patients away.
 * @returns subjects that wait
 */
export function* publish(to: Publisher, offered: Candidates): Work<readonly string[]> {
  const { kind } = offered;
  const table = (name: string) => qualify(to.place, name);
  const names: Names = {
    publications: table('LOS_PUBLICATIONS'),
    published: table('LOS_PUBLISHED_STAYS'),
    candidates: table('LOS_CANDIDATE_STAYS_TMP'),
    accepted: table('LOS_ACCEPTED_TMP'),
    datasetSql: (rows) => `${rows}.DATASET = ${literal(to.dataset)}`,
    kindSql: (rows) => `${rows}.DATASET = ${literal(to.dataset)} AND ${rows}.KIND = ${literal(kind)}`,
  };
  const { publications, candidates, accepted } = names;
  const isKey = `${names.datasetSql('p')} AND p.KIND = 'key'`;
  const key = `SELECT SUBJECT AS K FROM ${publications} AS p WHERE ${isKey} ORDER BY PUBLISHED_AT, SUBJECT LIMIT 1`;
  yield* execute(`INSERT INTO ${publications} (DATASET, KIND, SUBJECT, ROUND, PUBLISHED_AT, PATIENTS, STAYS)
SELECT ${literal(to.dataset)}, 'key', UUID_STRING(), 0, CURRENT_TIMESTAMP(), 0, 0 WHERE NOT EXISTS (${key})`);
  const hash = (text: string) => `LEFT(SHA2(k.K || ${text}), ${DIGITS})`;
  yield* execute(`CREATE OR REPLACE TEMPORARY TABLE ${candidates} AS
SELECT m.SUBJECT, ${hash(`m.CASE_ID || ' ' || m.STATE`)} AS MEMBER, ${hash(`' ' || m.PATIENT`)} AS PATIENT FROM (${offered.members}) AS m CROSS JOIN (${key}) AS k`);
  yield* execute(deleteUnchanged(names));
  const left = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${candidates}`);
  if (Number(left?.N) === 0) return [];
  yield* execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${accepted} (SUBJECT VARCHAR, ROUND NUMBER, PATIENTS NUMBER, STAYS NUMBER)`,
  );
  yield* transaction(function* () {
    // Another session that publishes waits here until this is written.
    yield* execute(`UPDATE ${publications} AS p SET ROUND = ROUND + 1 WHERE ${isKey}`);
    yield* execute(insertAccepted(names));
    yield* execute(
      `INSERT INTO ${publications} (DATASET, KIND, SUBJECT, ROUND, PUBLISHED_AT, PATIENTS, STAYS, FIGURES)
SELECT ${literal(to.dataset)}, ${literal(kind)}, a.SUBJECT, a.ROUND, CURRENT_TIMESTAMP(), a.PATIENTS, a.STAYS, f.FIGURES
FROM ${accepted} AS a JOIN (${offered.figures(`SELECT SUBJECT FROM ${accepted}`)}) AS f ON f.SUBJECT = a.SUBJECT`,
      offered.binds || [],
    );
    yield* execute(endLeft(names));
    yield* execute(insertJoined(names, to.dataset, kind));
  });
  const waiting = yield* query<{ SUBJECT: string }>(
    `SELECT DISTINCT SUBJECT FROM ${candidates} WHERE SUBJECT NOT IN (SELECT SUBJECT FROM ${accepted}) ORDER BY SUBJECT`,
  );
  return waiting.map(({ SUBJECT }) => SUBJECT);
}

interface Names {
  readonly publications: string;
  readonly published: string;
  readonly candidates: string;
  readonly accepted: string;
  /** SQL of which rows are the dataset's, and of which are of the kind as well. */
  datasetSql(rows: string): string;
  kindSql(rows: string): string;
}

/** DELETE of the candidates that say nothing of others than what was published of them last. */
function deleteUnchanged({ publications, published, candidates, kindSql }: Names): string {
  return `DELETE FROM ${candidates} WHERE SUBJECT IN (
  SELECT c.SUBJECT FROM (
    SELECT c.SUBJECT, COUNT(*) AS STAYS, COUNT(s.MEMBER) AS SHARED FROM ${candidates} AS c
    LEFT JOIN (SELECT SUBJECT, MEMBER FROM ${published} AS t WHERE ${kindSql('t')} AND TO_ROUND IS NULL) AS s ON s.SUBJECT = c.SUBJECT AND s.MEMBER = c.MEMBER
    GROUP BY c.SUBJECT
  ) AS c JOIN (
    SELECT SUBJECT, STAYS FROM ${publications} AS t WHERE ${kindSql('t')} QUALIFY ROUND = MAX(ROUND) OVER (PARTITION BY SUBJECT)
  ) AS p ON p.SUBJECT = c.SUBJECT AND p.STAYS = c.STAYS AND c.SHARED = c.STAYS)`;
}

/** INSERT of the candidates that may be published, each with its round. */
function insertAccepted({
  publications,
  published,
  candidates,
  accepted,
  datasetSql,
  kindSql,
}: Names): string {
  const roundSql = (stays: string, round: string) =>
    `${stays}.FROM_ROUND <= ${round}.ROUND AND COALESCE(${stays}.TO_ROUND, ${OPEN}) > ${round}.ROUND`;
  return `INSERT INTO ${accepted} (SUBJECT, ROUND, PATIENTS, STAYS)
WITH stays AS (SELECT * FROM ${published} AS t WHERE ${datasetSql('t')}),
-- Each publication that shares a stay with a candidate.
met AS (
  SELECT DISTINCT c.SUBJECT AS OWN, r.KIND, r.SUBJECT, r.ROUND
  FROM ${candidates} AS c JOIN stays AS s ON s.MEMBER = c.MEMBER
  JOIN ${publications} AS r ON ${datasetSql('r')} AND r.KIND = s.KIND AND r.SUBJECT = s.SUBJECT AND ${roundSql('s', 'r')}
),
-- Whom only the one is about, and whom only the other.
sides AS (
  SELECT m.OWN, COUNT(DISTINCT c.PATIENT) AS PATIENTS
  FROM met AS m JOIN ${candidates} AS c ON c.SUBJECT = m.OWN
  LEFT JOIN stays AS s ON s.KIND = m.KIND AND s.SUBJECT = m.SUBJECT AND s.MEMBER = c.MEMBER AND ${roundSql('s', 'm')}
  WHERE s.MEMBER IS NULL GROUP BY m.OWN, m.KIND, m.SUBJECT, m.ROUND
  UNION ALL
  SELECT m.OWN, COUNT(DISTINCT s.PATIENT)
  FROM met AS m JOIN stays AS s ON s.KIND = m.KIND AND s.SUBJECT = m.SUBJECT AND ${roundSql('s', 'm')}
  LEFT JOIN ${candidates} AS c ON c.SUBJECT = m.OWN AND c.MEMBER = s.MEMBER
  WHERE c.MEMBER IS NULL GROUP BY m.OWN, m.KIND, m.SUBJECT, m.ROUND
)
SELECT c.SUBJECT, COALESCE(MAX(r.ROUND), 0) + 1, MAX(c.PATIENTS), MAX(c.STAYS)
FROM (SELECT SUBJECT, COUNT(DISTINCT PATIENT) AS PATIENTS, COUNT(*) AS STAYS FROM ${candidates} GROUP BY SUBJECT) AS c
LEFT JOIN ${publications} AS r ON ${kindSql('r')} AND r.SUBJECT = c.SUBJECT
WHERE c.PATIENTS >= ${FEWEST_PATIENTS} AND c.SUBJECT NOT IN (SELECT OWN FROM sides WHERE PATIENTS < ${FEWEST_PATIENTS})
GROUP BY c.SUBJECT`;
}

/** UPDATE of the stays that a published figure is no longer about. */
function endLeft({ published, candidates, accepted, kindSql }: Names): string {
  return `UPDATE ${published} AS t SET TO_ROUND = a.ROUND FROM ${accepted} AS a
WHERE ${kindSql('t')} AND t.TO_ROUND IS NULL AND t.SUBJECT = a.SUBJECT
  AND NOT EXISTS (SELECT 1 FROM ${candidates} AS c WHERE c.SUBJECT = t.SUBJECT AND c.MEMBER = t.MEMBER)`;
}

/** INSERT of those that it is about from this round on. */
function insertJoined(
  { published, candidates, accepted, kindSql }: Names,
  dataset: string,
  kind: PublicationKind,
): string {
  return `INSERT INTO ${published} (DATASET, KIND, SUBJECT, MEMBER, PATIENT, FROM_ROUND)
SELECT ${literal(dataset)}, ${literal(kind)}, c.SUBJECT, c.MEMBER, c.PATIENT, a.ROUND
FROM ${candidates} AS c JOIN ${accepted} AS a ON a.SUBJECT = c.SUBJECT
LEFT JOIN (SELECT SUBJECT, MEMBER FROM ${published} AS t WHERE ${kindSql('t')} AND TO_ROUND IS NULL) AS s ON s.SUBJECT = c.SUBJECT AND s.MEMBER = c.MEMBER
WHERE s.MEMBER IS NULL`;
}
