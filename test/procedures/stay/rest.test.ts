import { expect } from 'chai';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { hadCome, newestMorning, renewSchedule, restOf, stillIn } from '../../../procedures/stay/rest.js';

describe('a morning, in SQL', () => {
  const contract = (type: string) =>
    ({ admission: 'CAME', discharge: 'WENT', columns: { CAME: type, WENT: type } }) as unknown as Contract;

  it('compares days where a contract has days, and times where it has times', () => {
    expect(hadCome(contract('DATE'), 'CAME', 'M')).to.equal('CAME < TO_DATE(M)');
    expect(hadCome(contract('TIMESTAMP_NTZ'), 'CAME', 'M')).to.equal('CAME <= M');
    expect(stillIn(contract('DATE'), 'WENT', 'M')).to.equal('(WENT IS NULL OR WENT >= TO_DATE(M))');
    expect(stillIn(contract('TIMESTAMP_NTZ(9)'), 'WENT', 'M')).to.equal('(WENT IS NULL OR WENT > M)');
    expect(restOf(contract('DATE'), 'WENT', 'M')).to.equal('GREATEST(0, DATEDIFF(day, M, WENT) + 1)');
    expect(restOf(contract('TIMESTAMP_NTZ'), 'WENT', 'M')).to.contain('CEIL(');
  });

  it('is of the clock of the hospital', () => {
    expect(newestMorning("Europe/Kyiv'", 6)).to.contain("CONVERT_TIMEZONE('Europe/Kyiv'''");
  });

  it('is renewed a quarter past its hour and three more times, over midnight too', () => {
    expect(renewSchedule(6, 'UTC')).to.equal('USING CRON 15 6,7,8,9 * * * UTC');
    expect(renewSchedule(22, 'UTC')).to.equal('USING CRON 15 22,23,0,1 * * * UTC');
  });
});
