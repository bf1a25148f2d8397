import type { Exploration as Answered } from '../../procedures/exploring/answer.js';

export interface Exploration extends Answered {
  readonly run: string;
}
