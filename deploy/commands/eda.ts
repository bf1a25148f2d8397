import { printExploration } from '../../report/eda/print.js';
import type { Exploration } from '../../report/results/exploration.js';
import { explore, exploreAdmissions } from '../eda/explore.js';
import { requireQuestion } from '../eda/question.js';
import { UserError } from '../errors.js';
import type { Command } from './command.js';

interface Args {
  readonly question?: string;
  readonly current?: boolean;
}

export const command: Command<Args, Exploration> = {
  dataset: true,
  mailsFailure: true,
  options: {
    question: { type: 'string', describe: 'one answer alone, by its id' },
    current: {
      type: 'boolean',
      default: false,
      describe: 'of all stays by now, not mailed; for LOS_PATIENTS (else the answer of the month)',
    },
  },
  examples: [
    ['los eda', 'highlights, then every question with its answer and tables'],
    ['los eda --question weekdays', 'one answer alone'],
    ['los eda --json', 'all of it for programs: questions with id, question, answer and tables'],
  ],
  async run(ctx, args, contract) {
    if (args.question !== undefined) requireQuestion(contract, args.question);
    const made = await ctx.progress.step('Explore admissions in Snowflake', () =>
      args.current ? exploreAdmissions(ctx, contract, true) : explore(ctx, contract),
    );
    if (args.question === undefined) return made;
    const questions = made.questions.filter(({ id }) => id === args.question);
    if (questions.length === 0)
      throw new UserError(`There is no answer to ${args.question}.`, {
        next:
          made.leftOut.find((sentence) => sentence.startsWith(`${args.question} `)) ??
          made.highlights[0] ??
          'Load admissions first.',
      });
    return { ...made, highlights: [], questions, leftOut: [] };
  },
  print: printExploration,
};
