import { expect } from 'chai';
import fc from 'fast-check';
import { splitStatements } from '../../../procedures/notifying/statements.js';
import { wrap } from '../../../report/text/wrap.js';

const statement = fc.constantFrom(
  "CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS_OF_A_LONG_NAME');",
  "INSERT INTO A.B.LOS_PREDICTION_LOG SELECT b.* FROM A.B.LOS_PREDICTION_LOG AT (TIMESTAMP => '2026-11-29 02:15:00 +0000'::TIMESTAMP_TZ) AS b WHERE NOT EXISTS (SELECT 1 FROM A.B.LOS_PREDICTION_LOG AS n WHERE n.CASE_ID = b.CASE_ID);",
  `DELETE FROM "a table; of" WHERE X = 'it;s';`,
  'UNDROP TABLE PREDICT_LOS.LOS.LOS_MODEL_REGISTRY;',
  'SELECT * FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NULL;',
);
const prose = fc
  .array(
    fc.constantFrom(
      'Load',
      'the',
      'table',
      'again;',
      'if',
      'it',
      'is',
      'meant:',
      'los apply --accept-loss X_Y',
      'ALTER TASK … RESUME;',
    ),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((words) => words.join(' '));

describe('statements in advice', () => {
  it('stand apart from its sentences, whole and in order, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(statement, prose), { minLength: 1, maxLength: 6 }), (parts) => {
        const steps = splitStatements(parts.join(' '));
        expect(steps[0]!.sql).to.equal('');
        expect(
          steps
            .map(({ text, sql }) => text || sql)
            .join(' ')
            .replace(/\s+/g, ' ')
            .trim(),
        ).to.equal(parts.join(' '));
        const given = parts.filter((part) => /^(CALL|INSERT|DELETE|UNDROP|SELECT)/.test(part));
        expect(steps.flatMap(({ sql }) => (sql === '' ? [] : sql.split('\n')))).to.deep.equal(given);
      }),
    );
  });

  it('are lines of their own on a terminal, however narrow it is', () => {
    fc.assert(
      fc.property(prose, statement, prose, fc.integer({ min: 12, max: 80 }), (before, sql, after, width) => {
        fc.pre(5 + before.length + sql.length + after.length + 2 > width);
        const lines = wrap(`${before} ${sql} ${after}`, '     ', width).map((line) => line.slice(5));
        expect(lines).to.include(sql);
        expect(lines.join(' ')).to.equal(`${before} ${sql} ${after}`);
      }),
      { examples: [['Load', "CALL ACCEPT_CHANGES('GENERAL_SOURCE');", 'again;', 30]] },
    );
  });
});
