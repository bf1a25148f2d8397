import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../deploy/context.js';
import { writeOut } from '../deploy/ground/out-file.js';
import { overview } from '../deploy/model/overview.js';
import { unlessBeyondRole } from '../deploy/operate/ask.js';
import { ownRelease } from '../deploy/project.js';
import { sqlFile } from '../deploy/sql-file.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { qualify } from '../procedures/ground/names.js';
import { chaiCard, chaiCardJson, chaiCardXml } from '../report/model/applied-card.js';
import { modelCard } from '../report/model/card.js';
import type { Overview } from '../report/model/overview.js';
import { chaiCardPage } from '../report/pages/applied-card.js';
import { type Answers, type Question, renderAnswered } from '../report/text/answered.js';
import { dayOf } from '../report/text/local-time.js';
import { type Change, changeOf, gateEvidence } from './gates.js';
import { type Control, type Hazard, listHazards } from './hazards.js';
import { keyOf, type Outcome } from './run-tests.js';

/** Documents of the pack that people fill in, as templates/safety/ names them. */
const DOCUMENTS = ['hazard-log', 'safety-case', 'intended-use', 'dtac', 'reporting', 'versions'] as const;

/** Everything that the pack tells. */
interface Facts {
  readonly dataset: string;
  readonly deployment: string;
  readonly release: string;
  readonly written: string;
  readonly version: string;
  readonly hazards: readonly (Omit<Hazard, 'controls'> & {
    readonly controls: readonly (Control & { readonly evidence: string; readonly result: string })[];
  })[];
  readonly changes: readonly Change[];
  /** What the last silent period would have shown; undefined: none has ended, or the role may not read events. */
  readonly silent: string | undefined;
  readonly versions: Overview['versions'];
}

/** The pack as texts by the names of their files, and what people are asked for in them. */
export interface Pack {
  readonly files: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
}

/**
 * Writes down what a board signs: hazard log, safety case, intended use, DTAC, reporting guidelines, versions and model cards.
 * @param results of the controls' tests; undefined: they were not run here
 */
export async function makePack(
  ctx: Context,
  contract: Contract,
  answers: Answers,
  results?: ReadonlyMap<string, Outcome>,
): Promise<Pack> {
  const shown = await overview(ctx, contract);
  const written = dayOf(new Date(), ctx.settings.timeZone);
  const changes = await readChanges(ctx, contract);
  const facts: Facts = {
    ...{ dataset: contract.name, deployment: ctx.settings.prefix, release: ownRelease, written },
    version: shown.entry.version,
    hazards: await gatherEvidence(ctx, contract, changes, results),
    changes,
    versions: shown.versions,
    silent: await readSilence(ctx, contract),
  };
  const card = chaiCard(shown, answers);
  const documents = DOCUMENTS.map((name) => ({
    name: `${name}.md`,
    ...renderAnswered(`safety/${name}.md.hbs`, facts, answers, 'plain'),
  }));
  return {
    files: {
      ...Object.fromEntries(documents.map(({ name, text }) => [name, text])),
      'model-card.md': modelCard(shown, written),
      'model-card.xml': chaiCardXml(card),
      'model-card.json': chaiCardJson(card),
      'model-card.html': chaiCardPage(card, written),
    },
    questions: [...card.questions, ...documents.flatMap(({ questions }) => questions)],
  };
}

/** Writes a pack's files into a folder, which is made where it is missing. */
export function writePack(folder: string, { files }: Pack): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeOut(join(folder, name), text);
}

/** Hazards with what this installation shows of each control, and what its test came to. */
async function gatherEvidence(
  ctx: Context,
  contract: Contract,
  changes: readonly Change[],
  results?: ReadonlyMap<string, Outcome>,
): Promise<Facts['hazards']> {
  const { settings, snowflake } = ctx;
  const alarms = await snowflake.query(
    sqlFile('sql/safety/alarms.sql', { alarms: qualify(settings, 'LOS_ALARMS') }),
    [contract.name],
  );
  const runs = await snowflake.query(
    sqlFile('sql/safety/runs.sql', { runs: qualify(settings, 'LOS_RUN_LOG') }),
    [contract.name],
  );
  const evidenceOf = ({ alarm, gate, run }: Control): string => {
    if (alarm !== undefined) {
      const found = alarms.find(({ KIND }) => KIND === alarm);
      const watch = runs.find(({ KIND }) => KIND === 'watch')?.SUCCEEDED;
      return `${found?.RAISED ?? 0} alarms in 90 days, ${found?.LASTING ?? 0} last; monitoring last succeeded ${watch ?? 'never'}`;
    }
    if (run !== undefined) {
      const found = runs.find(({ KIND }) => KIND === run);
      return `last succeeded ${found?.SUCCEEDED ?? 'never'}, ${found?.FAILED ?? 0} failed in 90 days`;
    }
    return gate === undefined ? '' : gateEvidence(gate, changes, settings.training.equity);
  };
  return listHazards().map((hazard) => ({
    ...hazard,
    controls: hazard.controls.map((control) => ({
      ...control,
      evidence: evidenceOf(control),
      result: results?.get(keyOf(control)) ?? 'not run here (los safety --tests runs it)',
    })),
  }));
}

async function readChanges(ctx: Context, contract: Contract): Promise<Change[]> {
  const { settings, snowflake } = ctx;
  const rows = await snowflake.query(
    sqlFile('sql/safety/changes.sql', {
      runs: qualify(settings, 'LOS_RUN_LOG'),
      trainings: qualify(settings, 'LOS_TRAINING_RUNS'),
    }),
    [contract.name, contract.name],
  );
  return rows.map(changeOf);
}

/** The event by which monitoring told of the last silent period. */
async function readSilence(ctx: Context, contract: Contract): Promise<string | undefined> {
  const rows = await unlessBeyondRole(() =>
    ctx.snowflake.query(
      `SELECT MESSAGE FROM ${qualify(ctx.settings, 'LOS_EVENTS')} WHERE KIND = 'silence over' AND DATASET = ? ORDER BY HAPPENED_AT DESC LIMIT 1`,
      [contract.name],
    ),
  );
  return rows?.[0]?.MESSAGE as string | undefined;
}
