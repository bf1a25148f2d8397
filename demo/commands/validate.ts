import type { Command } from '../../deploy/commands/command.js';
import { type Validation, validate } from '../validate/validate.js';

export const command: Command<object, Validation> = {
  finishes: true,
  dataset: true,
  examples: [
    ['los validate', 'compile and run everything on throw-away clouds, before a push or in CI'],
    ['los validate --dataset sql/datasets/sparcs_hf.yaml', "prove another hospital's contract"],
  ],
  runAlone: (open, args) => validate(open, args.dataset),
  print: ({ contracts, objects, predicted, seconds }) => [
    `Sound: ${contracts.join(' and ')} compile, ${objects} objects were made, and one made-up admission was scored (${predicted.toFixed(1)} days). ${seconds} s.`,
  ],
};
