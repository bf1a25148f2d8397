import { expect } from 'chai';
import { drive } from '../../deploy/clients/drive.js';
import type { OpenContext } from '../../deploy/open.js';
import { type Offer, publish } from '../../procedures/publishing/publish.js';
import { roundDays } from '../../procedures/publishing/rounding.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { attack, type Figure } from './attacker.js';
import { type Population, populations, smallYear } from './small-year.js';

/** LOS_DIFFERENCING=1: each day of the year; else each eighth. */
const STEP = process.env.LOS_DIFFERENCING ? 1 : 8;

const KINDS = ['holdout', 'month', 'week', 'dates', 'delays'] as const;
type Kind = (typeof KINDS)[number];
type Offered = readonly [kind: Kind, subject: string, ids: readonly number[]];

/**
 * A year of a small hospital with late entries, corrections, cancellations, erasures and three trainings. The attacker knows every figure
 * that was ever published, of all rounds, whom each is about, and adds and subtracts up to six.
 */
describe('differences of published figures', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  const offered: Figure[] = [];
  const published: Figure[] = [];
  const tokens = new Map<string, number>();
  const tokenOf = (stay: string) => {
    if (!tokens.has(stay)) tokens.set(stay, tokens.size);
    return tokens.get(stay)!;
  };
  const offers: Offer[] = KINDS.map((kind) => ({
    kind,
    members: `SELECT SUBJECT, CASE_ID, PATIENT, STATE FROM LOS_OFFERED WHERE KIND = '${kind}'`,
    figures: () => ({
      sql: `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('N', COUNT(*), 'MEAN', ${roundDays('AVG(STATE::FLOAT)', 'COUNT(*)')})) AS FIGURES
FROM LOS_OFFERED WHERE KIND = '${kind}' GROUP BY SUBJECT`,
    }),
  }));

  /** Offers what these are about, and publishes what may be. */
  async function offer(dataset: string, figures: readonly Population[]): Promise<void> {
    const rows = figures.flatMap(({ kind, subject, stays }) =>
      stays.map(({ id, patient, los }) => `('${kind}', '${subject}', '${id}', '${patient}', '${los}')`),
    );
    await ctx.snowflake.execute('DELETE FROM LOS_OFFERED');
    await ctx.snowflake.execute(`INSERT INTO LOS_OFFERED SELECT * FROM VALUES ${rows.join(', ')}`);
    await drive(ctx, publish({ place: ctx.settings, dataset }, offers));
  }
  /** Whether a figure about these stays, each of a patient, is published, and nothing else of it before. */
  async function isPublished(dataset: string, kind: Kind, subject: string, ids: readonly number[]) {
    const stays = ids.map((id) => ({ id: String(id), patient: String(id), los: 1 }));
    await offer(dataset, [{ kind, subject, stays }]);
    const [row] = await ctx.snowflake.query<{ STAYS: number }>(
      `SELECT STAYS FROM LOS_PUBLICATIONS WHERE DATASET = '${dataset}' AND KIND = '${kind}' AND SUBJECT = '${subject}' QUALIFY ROUND = MAX(ROUND) OVER ()`,
    );
    return row !== undefined && Number(row.STAYS) === ids.length;
  }
  const from = (first: number, to: number) => Array.from({ length: to - first }, (_, i) => first + i);

  before(async () => {
    ctx = await cloud.open();
    await ctx.snowflake.execute(
      'CREATE TABLE LOS_OFFERED (KIND VARCHAR, SUBJECT VARCHAR, CASE_ID VARCHAR, PATIENT VARCHAR, STATE VARCHAR)',
    );
    const year = smallYear(7);
    const last = new Map<string, string>();
    for (let day = 20; day < 400; day += STEP) {
      const now = populations(year, day);
      if (now.length === 0) continue;
      await offer('small', now);
      const figures = now.map(({ kind, subject, stays }): Figure => {
        const sum = stays.reduce((all, { los }) => all + los, 0);
        return {
          name: `${kind} ${subject} on day ${day}`,
          n: stays.length,
          mean: Math.round((100 * sum) / stays.length) / 100,
          about: stays.map(({ id, los }) => tokenOf(`${id} ${los}`)),
        };
      });
      for (const figure of figures) {
        const key = figure.name.replace(/ on day .*/, '');
        const text = figure.about.join(' ');
        if (last.get(key) !== text) offered.push(figure);
        last.set(key, text);
      }
      const rounds = await ctx.snowflake.query<{ NAME: string; N: number; MEAN: number; KEY: string }>(
        `SELECT KIND || ' ' || SUBJECT || ' round ' || ROUND AS NAME, KIND || ' ' || SUBJECT AS KEY, FIGURES[0]:N::NUMBER AS N, FIGURES[0]:MEAN::FLOAT AS MEAN
FROM LOS_PUBLICATIONS WHERE DATASET = 'small' AND KIND <> 'key' ORDER BY PUBLISHED_AT`,
      );
      for (const { NAME, KEY, N, MEAN } of rounds)
        if (!published.some(({ name }) => name === NAME)) {
          const own = figures.find(({ name }) => name.startsWith(`${KEY} on day`))!;
          expect(Number(N), NAME).to.equal(own.n);
          published.push({ name: NAME, n: Number(N), mean: Number(MEAN), about: own.about });
        }
    }
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const truth = (token: number) => Number([...tokens].find(([, known]) => known === token)![0].split(' ')[1]);

  it('pin no stay, and are about no fewer than ten', () => {
    expect(published.length).to.be.at.least(30);
    expect(new Set(published.map(({ name }) => name.split(' ')[0]))).to.have.property('size', 3);
    const { small, pinned } = attack(published, truth, 6);
    expect(small).to.deep.equal([]);
    expect(pinned).to.deep.equal([]);
  });

  it('would pin stays if each figure were published as it is', () => {
    const { small, pinned } = attack(offered, truth, 2);
    expect(small.length).to.be.at.least(20);
    expect(pinned.length).to.be.at.least(5);
  });

  it('hold few figures back: of months and weeks nearly all are published', () => {
    const subjects = (figures: readonly Figure[]) =>
      new Set(
        figures
          .filter(({ n, name }) => n >= 10 && !name.startsWith('holdout'))
          .map(({ name }) => name.split(' ').slice(0, 2).join(' ')),
      );
    const [all, some] = [subjects(offered), subjects(published)];
    expect(some.size / all.size, `${some.size} of ${all.size}`).to.be.at.least(0.9);
  });

  it('wait for ten patients on each side that differs, of a figure and of others of its kind', async () => {
    const is = (subject: string, ids: readonly number[]) => isPublished('sides', 'holdout', subject, ids);
    expect(await is('v1', from(0, 9))).to.equal(false);
    expect(await is('v1', from(0, 30))).to.equal(true);
    expect(await is('v1', from(0, 39))).to.equal(false);
    expect(await is('v1', from(0, 40))).to.equal(true);
    // Ten come, and one goes: an erasure.
    expect(await is('v1', from(1, 50))).to.equal(false);
    expect(await is('v2', from(1, 40))).to.equal(false);
    expect(await is('v2', from(10, 50))).to.equal(true);
    // Nine more than the first, twenty than the second: each round counts.
    expect(await is('v1', [...from(0, 30), ...from(60, 69)])).to.equal(false);
  });

  it('count patients, not stays', async () => {
    const stays = from(0, 30).map((id) => ({ id: String(id), patient: String(id % 9), los: 1 }));
    await offer('patients', [{ kind: 'month', subject: 'm1', stays }]);
    expect(
      await ctx.snowflake.query(
        "SELECT 1 FROM LOS_PUBLICATIONS WHERE DATASET = 'patients' AND KIND = 'month'",
      ),
    ).to.deep.equal([]);
  });

  it('are of other stays each time where one stay would show in many groups, and wait for as many', async () => {
    const is = async (ids: readonly number[], disjoint: number, dataset = 'disjoint') => {
      const rows = ids.map((id) => `('holdout', 'all', '${id}', '${id}', '1')`).join(', ');
      await ctx.snowflake.execute('DELETE FROM LOS_OFFERED');
      await ctx.snowflake.execute(`INSERT INTO LOS_OFFERED SELECT * FROM VALUES ${rows}`);
      await drive(ctx, publish({ place: ctx.settings, dataset }, [{ ...offers[0]!, disjoint }]));
      const found = await ctx.snowflake.query<{ STAYS: number }>(
        `SELECT STAYS FROM LOS_PUBLICATIONS WHERE DATASET = '${dataset}' AND KIND = 'holdout' ORDER BY ROUND`,
      );
      return found.map(({ STAYS }) => Number(STAYS));
    };
    expect(await is(from(0, 9), 100)).to.deep.equal([]);
    expect(await is(from(0, 50), 100)).to.deep.equal([50]);
    expect(await is(from(0, 99), 100)).to.deep.equal([50]);
    // One is erased, which nothing tells.
    expect(await is(from(1, 100), 100)).to.deep.equal([50, 50]);
    expect(await is(from(1, 112), 12)).to.deep.equal([50, 50, 12]);
    const [stays] = await ctx.snowflake.query<{ N: number; OPEN: number }>(
      "SELECT COUNT(DISTINCT MEMBER) AS N, COUNT_IF(TO_ROUND IS NULL) AS OPEN FROM LOS_PUBLISHED_STAYS WHERE DATASET = 'disjoint'",
    );
    expect([Number(stays!.N), Number(stays!.OPEN)]).to.deep.equal([112, 12]);
  });

  it('leave of a month no fewer than ten beside its weeks, whichever comes last', async () => {
    const weeks = [from(0, 12), from(12, 26), from(26, 40)] as const;
    for (const [i, week] of weeks.entries())
      expect(await isPublished('weeks first', 'week', `w${i}`, week)).to.equal(true);
    expect(await isPublished('weeks first', 'month', 'm1', from(0, 43))).to.equal(false);
    expect(await isPublished('weeks first', 'month', 'm1', from(0, 50))).to.equal(true);
    expect(await isPublished('weeks first', 'month', 'm2', from(26, 40))).to.equal(true);
    expect(await isPublished('month first', 'month', 'm1', from(0, 43))).to.equal(true);
    expect(await isPublished('month first', 'week', 'w0', weeks[0])).to.equal(true);
    expect(await isPublished('month first', 'week', 'w1', weeks[1])).to.equal(true);
    expect(await isPublished('month first', 'week', 'w2', weeks[2])).to.equal(false);
    // A week that reaches beyond the month: what it has of others counts too.
    expect(await isPublished('beyond', 'month', 'm1', from(0, 40))).to.equal(true);
    expect(await isPublished('beyond', 'week', 'w1', from(3, 42))).to.equal(false);
    expect(await isPublished('beyond', 'week', 'w1', from(5, 46))).to.equal(true);
  });

  it('leave of a month no fewer than ten beside weeks that are offered together', async () => {
    const stays = (ids: readonly number[]) =>
      ids.map((id) => ({ id: String(id), patient: String(id), los: 1 }));
    expect(await isPublished('together', 'month', 'm1', from(0, 43))).to.equal(true);
    await offer('together', [
      { kind: 'week', subject: 'w1', stays: stays(from(0, 20)) },
      { kind: 'week', subject: 'w2', stays: stays(from(20, 40)) },
    ]);
    const found = await ctx.snowflake.query(
      "SELECT SUBJECT FROM LOS_PUBLICATIONS WHERE DATASET = 'together' AND KIND = 'week'",
    );
    expect(found).to.deep.equal([{ SUBJECT: 'w1' }]);
  });

  for (const kind of ['dates', 'delays'] as const)
    it(`are of lines about ${kind} that pin no stay together, of a month that is offered at once`, async () => {
      const stays = from(0, 95).map((id) => ({
        id: String(id),
        patient: String(id),
        los: 1 + ((id * id) % 17),
      }));
      const lines: Readonly<Record<string, (id: number) => boolean>> = {
        all: () => true,
        'ward A': (id) => id < 40,
        'ward B': (id) => id >= 40 && id < 92,
        'ward C': (id) => id >= 92,
        'writer doctor': (id) => id % 2 === 0,
        'writer nurse': (id) => id % 2 === 1,
        'lead 1': (id) => id < 43 || id % 3 === 0,
        'lead 2': (id) => id >= 43 && id % 3 !== 0,
      };
      const groups = Object.entries(lines).map(([line, isIn]) => {
        const [grouping, ...level] = line.split(' ');
        return {
          kind,
          subject: [grouping, '2026-10', ...level].join(' '),
          stays: stays.filter(({ id }) => isIn(Number(id))),
        };
      });
      await offer(`lines ${kind}`, groups);
      const shown = await ctx.snowflake.query<{ SUBJECT: string }>(
        `SELECT SUBJECT FROM LOS_PUBLICATIONS WHERE DATASET = 'lines ${kind}' AND KIND = '${kind}'`,
      );
      const figuresOf = (subjects: readonly string[]): Figure[] =>
        groups
          .filter(({ subject }) => subjects.includes(subject))
          .map(({ subject, stays: own }) => ({
            name: `${subject} `,
            n: own.length,
            mean: own.reduce((sum, { los }) => sum + los, 0) / own.length,
            about: own.map(({ id }) => Number(id)),
          }));
      const losOf = (id: number) => stays[id]!.los;
      const subjects = shown.map(({ SUBJECT }) => SUBJECT);
      expect(subjects).to.include.members(['all 2026-10', 'writer 2026-10 nurse']);
      expect(attack(figuresOf(subjects), losOf, 4).small).to.deep.equal([]);
      expect(attack(figuresOf(groups.map(({ subject }) => subject)), losOf, 4).small).not.to.deep.equal([]);
    });

  it('leave of a holdout no fewer than ten beside months and weeks together, whichever comes last', async () => {
    const last: readonly Offered[] = [
      ['month', 'm1', from(0, 30)],
      ['week', 'w5', from(30, 42)],
      ['week', 'w6', from(42, 54)],
      ['holdout', 'v1', from(0, 60)],
    ];
    for (const [i, one] of last.entries()) {
      const dataset = `mixed ${i}`;
      for (const other of last)
        if (other !== one) expect(await isPublished(dataset, ...other), `${i}: ${other[1]}`).to.equal(true);
      expect(await isPublished(dataset, ...one), `${i}: last`).to.equal(false);
    }
    expect(await isPublished('mixed 3', 'holdout', 'v1', from(0, 64))).to.equal(true);
  });

  it('leave no fewer than ten of what two holdouts differ by beside a week', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
    ]) {
      const figures: readonly Offered[] = [
        ['holdout', 'v1', from(0, 60)],
        ['holdout', 'v2', from(0, 45)],
        ['week', 'w5', from(45, 57)],
      ];
      const answers: boolean[] = [];
      for (const i of order) answers.push(await isPublished(`differ ${order}`, ...figures[i]!));
      expect(answers, String(order)).to.deep.equal([true, true, false]);
    }
  });
});
