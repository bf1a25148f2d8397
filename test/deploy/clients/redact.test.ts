import { expect } from 'chai';
import { redactor } from '../../../deploy/clients/redact.js';

describe('redaction', () => {
  const redact = redactor(['hunter22', undefined, '']);
  it('takes out known secrets and what looks like one', () => {
    expect(redact('login with hunter22 failed')).to.equal('login with *** failed');
    expect(redact("PASSWORD = 'abc' x")).to.equal("PASSWORD = '***' x");
    expect(redact('key AKIAABCDEFGHIJKLMNOP')).to.equal('key AKIA***');
    expect(redact('smtps://me:word@mail.x.org')).to.equal('smtps://me:***@mail.x.org');
  });
  it('takes out values that Snowflake quotes', () => {
    expect(redact("Numeric value 'O'Neill' is not recognized")).to.equal(
      "Numeric value '…' is not recognized",
    );
    expect(redact("Date '1.2.1950' is not recognized")).to.equal("Date '…' is not recognized");
    expect(redact("String 'Miller' is too long and would be truncated")).to.equal(
      "String '…' is too long and would be truncated",
    );
    expect(redact('Failed to cast variant value "Miller" to FIXED')).to.equal(
      'Failed to cast variant value … to FIXED',
    );
  });
  it('leaves everything else as it is', () => {
    const text = "Object 'PREDICT_LOS.LOS.X' does not exist or not authorized.";
    expect(redact(text)).to.equal(text);
  });
});
