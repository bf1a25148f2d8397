import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { inconsistencies } from '../../../procedures/dataset/consistency.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import type { Comparison } from '../../../procedures/dataset/questions.js';

describe('excess: of a contract', () => {
  const health = loadContract('sql/datasets/health.yaml', 'UTC');
  const problems = (excess: readonly Comparison[], more: Partial<Contract> = {}) =>
    inconsistencies({ ...health, ...more, excess }, []);

  it('names units and what the expectation may know', () => {
    expect(problems([{ by: ['WARD_TYPE'], reference: ['AGE'] }])).to.deep.equal([]);
  });

  it('is refused where the expectation knows the unit, directly or by an expression', () => {
    const [direct] = problems([{ by: ['WARD_TYPE'], reference: ['AGE', 'WARD_TYPE'] }]);
    expect(direct).to.contain('WARD_TYPE is the unit WARD_TYPE that is judged by it');
    const [derived] = problems([{ by: ['DEPARTMENT'], reference: ['DEPARTMENT_ILLNESS'] }]);
    expect(derived).to.contain(
      'DEPARTMENT_ILLNESS is the unit DEPARTMENT that is judged by it, or computed from it',
    );
  });

  it('is refused where a name is none, a unit is a patient or stands twice, or there are no dates', () => {
    expect(problems([{ by: ['PATIENTID'], reference: ['AGE'] }]).join()).to.contain('identifies a patient');
    expect(problems([{ by: ['WARD_TYPE'], reference: ['AGED'] }]).join()).to.contain(
      'AGED is not one of the features',
    );
    const twice = [{ by: ['WARD_TYPE'], reference: ['AGE'] }];
    expect(problems([...twice, ...twice]).join()).to.contain('WARD_TYPE stands in two comparisons');
    const { admission: _, discharge: __, ...rest } = health;
    expect(inconsistencies({ ...rest, los: 'BED_GRADE', excess: twice }, []).join()).to.contain(
      'excess: it is told by month; give admission and discharge',
    );
  });
});
