import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';
import { compareGroups, UNSTATED } from '../../procedures/equity/compare-groups.js';
import { random } from '../../procedures/ground/random.js';
import type { Benchmark, Measurement } from '../harness.js';
import { measureGroups } from './measure.js';
import { predictHoldout } from './predictions.js';

const SPARCS = join(projectRoot, '../shared/data/sparcs_hf_27925.csv.gz');
const GROUPINGS = [
  'SEX',
  'RACE',
  'ETHNICITY',
  'ADMISSION_TYPE',
  'AGE_GROUP',
  'PAYER_PRIMARY',
  'HEALTH_SERVICE_AREA',
];
const PLANT = 'planted';
/** Stays of the planted group, and by how much their predictions are longer or, with every other seed, shorter. */
const PLANTS = [
  { size: 1500, share: 0.1 },
  { size: 300, share: 0.25 },
];
const BAR_SEEDS = 20;
const SEEDS = 200;
/** Seed after which they begin: what is chosen by some is quoted of others. */
const AFTER = Number(process.env.LOS_SEEDS_AFTER ?? 0);

/** Whether a bias of a group is found where there is one, and none where there is none. */
export const benchmark: Benchmark = {
  name: 'groups',
  description: `Findings between groups on real admissions (../shared/data; not part of the repository): the holdout of SPARCS as the product’s own version predicts it, with the groupings of one column of its contract. In every seed the stays swap groups at random, so that none differs; then predictions of a random group are longer (odd seeds) or shorter (even ones), curve and interval too. The first ${BAR_SEEDS} seeds after LOS_SEEDS_AFTER (0) have bars, and of ${SEEDS} the share is given. The statistic and the chance of a finding (2 %) were chosen on HDHI’s May to August 2018 with SPARCS in view.`,
  async run({ log }): Promise<Measurement[]> {
    if (!existsSync(SPARCS)) throw new Error(`${SPARCS} is not there: this benchmark needs it.`);
    const stays = await predictHoldout(
      { dataset: 'sql/datasets/sparcs_hf.yaml', file: () => SPARCS },
      GROUPINGS,
    );
    log(`${stays.length} stays of the holdout`);
    const outcomes = Array.from({ length: SEEDS }, (_, i) => {
      const next = random(AFTER + i + 1);
      const places = shuffled(stays.length, next);
      const levels = (row: number, grouping: number) => stays[places[row]!]!.levels[grouping]!;
      const isNamed = (groupings: readonly string[], of: typeof levels, factor?: (row: number) => number) => {
        const { all, groups } = measureGroups(stays, groupings, of, factor);
        return compareGroups(all, groups, UNSTATED).findings;
      };
      const planted = PLANTS.map(({ size, share }) => {
        const rows = new Set(shuffled(stays.length, next).slice(0, size));
        const found = isNamed(
          [...GROUPINGS, PLANT],
          (row, grouping) =>
            grouping < GROUPINGS.length ? levels(row, grouping) : rows.has(row) ? PLANT : 'others',
          (row) => (rows.has(row) ? 1 + (i % 2 ? -share : share) : 1),
        );
        return found.some(({ level, other }) => level === PLANT || other === PLANT);
      });
      return { quiet: isNamed(GROUPINGS, levels).length === 0, planted };
    });
    const lines = (what: string, holds: (outcome: (typeof outcomes)[number]) => boolean, limit: string) => {
      const count = (some: typeof outcomes) => some.filter(holds).length;
      return [
        { what: `${what}, of ${BAR_SEEDS}`, value: count(outcomes.slice(0, BAR_SEEDS)), unit: '', limit },
        { what: `· share of ${SEEDS}`, value: count(outcomes) / SEEDS, unit: '', digits: 3 },
      ];
    };
    return [
      ...PLANTS.flatMap(({ size, share }, i) =>
        lines(
          `a bias of ${100 * share} % in a group of ${size} is found`,
          ({ planted }) => planted[i]!,
          '≥ 18',
        ),
      ),
      ...lines('nothing is found where groups are shuffled', ({ quiet }) => quiet, '≥ 19'),
    ];
  },
};

function shuffled(count: number, next: () => number): number[] {
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places;
}
