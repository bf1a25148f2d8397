import { expect } from 'chai';
import { messageLine } from '../../../procedures/ground/without-values.js';

describe('an error in a few words', () => {
  for (const [what, message, brief] of [
    [
      'says which name, not only where',
      "SQL compilation error: error line 8 at position 304\ninvalid identifier 'R.AGE'\nAt x",
      "SQL compilation error: error line 8 at position 304 invalid identifier 'R.AGE'",
    ],
    [
      'says which object',
      "SQL compilation error:\nObject 'A.B.C' does not exist or not authorized.",
      "SQL compilation error: Object 'A.B.C' does not exist or not authorized.",
    ],
    [
      'goes on behind who was called',
      'Execution error in store procedure F:\nSQL compilation error:\nObject gone.\nAt Statement.execute, line 65',
      'Execution error in store procedure F: SQL compilation error: Object gone.',
    ],
    ['is its first line otherwise', 'Division by zero\nAt Statement.execute', 'Division by zero'],
    ['is what there is', 'SQL compilation error:', 'SQL compilation error:'],
  ] as const)
    it(what, () => {
      expect(messageLine(message)).to.equal(brief);
    });
});
