import { expect } from 'chai';
import fc from 'fast-check';
import {
  integrationSign,
  integrationsCheck,
  integrationValue,
} from '../../../../procedures/watching/deployed/integrations.js';
import { runChecks } from '../../../../procedures/watching/pipe/checks.js';
import type { HourlyPlan } from '../../../../procedures/watching/plan.js';
import { place, scripted } from '../../scripted.js';

/** One that no line of the product knows. */
const declared = {
  name: 'LOS_MADE_UP',
  properties: {
    ENABLED: 'TRUE',
    API_AWS_ROLE_ARN: 'arn:Made-up',
    API_ALLOWED_PREFIXES: 'https://a/x, https://b',
  },
};
const live = {
  ENABLED: 'true',
  API_AWS_ROLE_ARN: 'arn:Made-up',
  API_ALLOWED_PREFIXES: '[https://a/x,https://b]',
  API_KEY: 'of others',
};
const plan = {
  place,
  zone: 'Europe/Berlin',
  contract: { name: 'health' },
  tasks: [{ run: 'look', hours: 1 }],
  integrations: [declared],
} as unknown as HourlyPlan;

/** What a look tells, by what statements answer: rows, or an error. @param asked whether it is the first after six, and what has an alarm */
const look = (
  answers: readonly [RegExp, readonly Record<string, string>[] | Error][],
  asked = { DUE: true, SUBJECTS: '' },
) => {
  const { signs, failures } = scripted(runChecks(plan, '2026-12-01', [integrationsCheck]), (step) => {
    const sql = 'sql' in step ? String(step.sql) : '';
    if (/ AS DUE,/.test(sql)) return [asked];
    const found = answers.find(([pattern]) => pattern.test(sql))?.[1] ?? [];
    if (found instanceof Error) throw found;
    return found;
  });
  if (failures[0]) throw new Error(failures[0].why);
  return signs.map(({ message }) => message);
};

const shown = [{ name: 'LOS_MADE_UP', enabled: 'true' }];
const rows = (properties: Readonly<Record<string, string>>) =>
  Object.entries(properties).map(([property, property_value]) => ({ property, property_value }));

describe('the check of integrations', () => {
  it('is quiet about one as it is declared', () => {
    expect(integrationSign(declared, live)).to.equal(null);
    expect(
      look([
        [/^SHOW/, shown],
        [/^DESCRIBE/, rows(live)],
      ]),
    ).to.deep.equal([]);
  });

  it('tells of one that is gone, disabled or altered, but not while an apply runs', () => {
    expect(look([[/^SHOW/, []]])[0]).to.contain('LOS_MADE_UP is gone');
    const disabled = [
      [/^SHOW/, shown],
      [/^DESCRIBE/, rows({ ...live, ENABLED: 'false' })],
    ] as const;
    expect(look([...disabled].map(([a, b]) => [a, b]))[0]).to.contain('is disabled');
    const altered = look([
      [/^SHOW/, shown],
      [/^DESCRIBE/, rows({ ...live, API_ALLOWED_PREFIXES: 'https://a/x', API_AWS_ROLE_ARN: 'arn:made-up' })],
    ]);
    expect(altered[0]).to.contain('is not as declared, by API_AWS_ROLE_ARN, API_ALLOWED_PREFIXES.');
    expect(
      look([
        [/^SHOW/, []],
        [/LOS_DEPLOYMENT_LOG/, [{ ID: 'open' }]],
      ]),
    ).to.deep.equal([]);
  });

  it('does with what SHOW tells where DESCRIBE is refused, says nothing where both are, and hides no other error', () => {
    const refused = new Error('Insufficient privileges');
    expect(
      look([
        [/^SHOW/, [{ name: 'LOS_MADE_UP', enabled: 'false' }]],
        [/^DESCRIBE/, refused],
      ])[0],
    ).to.contain('is disabled');
    expect(look([[/^SHOW/, refused]])).to.deep.equal([]);
    expect(() => look([[/^SHOW/, new Error('The network is down')]])).to.throw('network');
  });

  it('describes them with the first look after six, and one that has an alarm with each', () => {
    const altered = [
      [/^SHOW/, shown],
      [/^DESCRIBE/, rows({ ...live, API_AWS_ROLE_ARN: 'arn:other' })],
    ] as const;
    const told = (DUE: boolean, SUBJECTS: string) =>
      look(
        [...altered].map(([a, b]) => [a, b]),
        { DUE, SUBJECTS },
      );
    expect(told(true, '')[0]).to.contain('is not as declared');
    expect(told(false, 'champion,LOS_MADE_UP')[0]).to.contain('is not as declared');
    expect(told(false, 'champion')).to.deep.equal([]);
    expect(
      look([[/^SHOW/, [{ name: 'LOS_MADE_UP', enabled: 'false' }]]], { DUE: false, SUBJECTS: '' })[0],
    ).to.contain('is disabled');
  });

  it('reads a list alike with blanks, brackets or neither', () => {
    const items = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(items, (all) => {
        for (const written of [all.join(','), all.join(' , '), `[${all.join(', ')}]`])
          expect(integrationValue('ALLOWED_RECIPIENTS', written)).to.equal(all.join(', '));
      }),
    );
  });
});
