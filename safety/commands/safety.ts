import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { ANSWERS, draftAnswers, listMissing, readAnswers, refuseUnasked } from '../answers.js';
import { listHazards } from '../hazards.js';
import { makePack, writePack } from '../pack.js';
import { runTests } from '../run-tests.js';

interface Args {
  readonly out: string;
  readonly answers?: string;
  readonly tests: boolean;
}

interface Result {
  readonly folder: string;
  readonly files: readonly string[];
  /** File of people's answers. */
  readonly answers: string;
  /** Fields that still need a person's answer. */
  readonly missing: readonly string[];
  /** Controls whose test did not pass; empty where they were not run. */
  readonly failed: readonly string[];
}

export const command: Command<Args, Result> = {
  dataset: true,
  options: {
    out: { type: 'string', default: 'los-safety', describe: 'folder for the documents' },
    answers: {
      type: 'string',
      describe: `file of people's answers; left out: ${ANSWERS} beside the settings, drafted where it is missing`,
    },
    tests: {
      type: 'boolean',
      default: false,
      describe: 'run the test of each control here, which needs a checkout',
    },
  },
  examples: [
    ['los safety', 'hazard log, safety case, DTAC, model card, change log of the champion'],
    ['los safety --tests --out signed', 'the same, with what each control’s test came to here'],
  ],
  async run(ctx, { out, answers: given, tests }, contract) {
    const file = given ?? join(ctx.settings.folder, ANSWERS);
    const answers = readAnswers(file);
    const controls = listHazards().flatMap((hazard) => hazard.controls);
    const results = tests ? runTests(controls) : undefined;
    const pack = await makePack(ctx, contract, answers, results);
    refuseUnasked(file, answers, pack.questions);
    if (!existsSync(file)) writeOut(file, draftAnswers(pack.questions), '--answers');
    writePack(out, pack);
    return {
      folder: resolve(out),
      files: Object.keys(pack.files),
      answers: resolve(file),
      missing: listMissing(answers, pack.questions),
      failed: [...(results ?? [])].flatMap(([test, outcome]) => (outcome === 'passed' ? [] : [test])),
    };
  },
  print: ({ folder, files, answers, missing, failed }) => [
    `In ${folder}: ${files.join(', ')}.`,
    ...(missing.length > 0 ? [`${missing.length} fields need a person's answer in ${answers}.`] : []),
    ...failed.map((test) => `Did not pass: ${test}`),
  ],
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
};
