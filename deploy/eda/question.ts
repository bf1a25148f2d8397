import type { Contract } from '../../procedures/dataset/contract.js';
import { ALWAYS_ASKED, type DefaultQuestion } from '../../procedures/dataset/questions.js';
import { questionsOf, withoutAnswer } from '../../procedures/exploring/questions.js';
import { UserError } from '../errors.js';
import { findNearest } from '../ground/suggest.js';

/**
 * Refuses a question that no exploration of the dataset can answer, before anything is computed.
 * @throws UserError that names the questions that there are, or what the contract lacks
 */
export function requireQuestion(contract: Contract, id: string): void {
  const ids = [...questionsOf(contract).map((question) => question.id), ...ALWAYS_ASKED];
  if (!ids.includes(id)) {
    const meant = findNearest(id, ids);
    throw new UserError(`There is no question ${id}.${meant ? ` Did you mean ${meant}?` : ''}`, {
      next: `Ask one of ${ids.join(', ')}.`,
    });
  }
  const why = withoutAnswer(contract, true)[id as DefaultQuestion];
  if (why !== undefined)
    throw new UserError(`There is no answer to ${id}: ${why}.`, {
      next: 'Name it there, where the data have it; los eda without --question says what can be answered.',
    });
}
