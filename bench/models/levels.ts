import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measuresOf } from '../../deploy/model/registry.js';
import { projectRoot } from '../../deploy/project.js';
import type { Measure } from '../../procedures/judging/measures.js';
import { LONG_STAY_LEVEL } from '../../procedures/judging/measures.js';
import type { Benchmark, Measurement } from '../harness.js';
import { trained } from './trained.js';

const SPARCS = join(projectRoot, '../shared/data/sparcs_hf_27925.csv.gz');
const DATASET = 'sql/datasets/sparcs_hf_severity.yaml';

/** From so many days on stays count as long; 5 to 15 % of these stays are. */
const LONG = [11, 14, 16] as const;

/** How many of the long stays are in the upper levels, and of how few patients these are. */
export const benchmark: Benchmark = {
  name: 'levels',
  description:
    'Where the long stays of SPARCS with severity are, by the level that predict_los_detail gives on admission (../shared/data; not part of the repository): trained with the settings as they come but for `training.longStayDays`, measured on the reference’s 5,585 held-out stays as the model card tells it. In parentheses: what a stay counts as long from.',
  async run({ log }): Promise<Measurement[]> {
    if (!existsSync(SPARCS)) throw new Error(`${SPARCS} is not there: this benchmark needs it.`);
    const lines: Measurement[] = [];
    for (const days of LONG) {
      const levels = await levelsWhere(days);
      const admissions = sum(levels, (m) => m.admissions);
      const longStays = sum(levels, (m) => m.admissions * m.longStays);
      const upper = levels.filter(({ level }) => level === '4' || level === '5');
      const line = (what: string, value: number, limit?: string) =>
        lines.push({ what: `${what} (${days} days)`, value, unit: '%', digits: 1, ...(limit && { limit }) });
      line('long stays', (100 * longStays) / admissions, '5 to 15');
      line(
        'of these in levels 4 and 5',
        (100 * sum(upper, (m) => m.admissions * m.longStays)) / longStays,
        '≥ 60',
      );
      line('of all stays in levels 4 and 5', (100 * sum(upper, (m) => m.admissions)) / admissions);
      for (const { level, rows, longStays: share, longStaysPredicted } of levels)
        log(
          `${days} days, level ${level}: ${rows} stays, long ${share.toFixed(3)}, predicted ${longStaysPredicted?.toFixed(3)}`,
        );
    }
    return lines;
  },
};

function sum(measures: readonly Measure[], of: (measure: Measure) => number): number {
  return measures.reduce((all, measure) => all + of(measure), 0);
}

function levelsWhere(longStayDays: number): Promise<Measure[]> {
  return trained(
    { dataset: DATASET, file: () => SPARCS, settings: { longStayDays } },
    async (ctx, _, version) =>
      (await measuresOf(ctx, version)).filter(
        ({ predictor, groupedBy }) => predictor === 'model' && groupedBy === LONG_STAY_LEVEL,
      ),
  );
}
