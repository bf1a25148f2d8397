import { expect } from 'chai';
import { longStayText } from '../../../udfs/prediction/words.js';

describe('the sentence about a long stay', () => {
  const said = (probability: number, days: number) => longStayText(probability, days);

  it('tells the probability in whole percents and the days in weeks where they are whole ones', () => {
    expect(said(0.1704, 21)).to.equal('This patient has a 17 % chance of staying three weeks or longer.');
    expect(said(0.5, 7)).to.equal('This patient has a 50 % chance of staying a week or longer.');
    expect(said(0.25, 10)).to.equal('This patient has a 25 % chance of staying ten days or longer.');
    expect(said(0.25, 30)).to.equal('This patient has a 25 % chance of staying 30 days or longer.');
    expect(said(0.25, 91)).to.equal('This patient has a 25 % chance of staying 13 weeks or longer.');
    expect(said(0.25, 1)).to.equal('This patient has a 25 % chance of staying a day or longer.');
  });

  it('has the article that is read aloud', () => {
    const an = Array.from({ length: 99 }, (_, i) => i + 1).filter((percent) =>
      said(percent / 100, 21).includes(` an ${percent} %`),
    );
    expect(an).to.deep.equal([8, 11, 18, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89]);
  });

  it('calls nothing impossible or certain', () => {
    for (const probability of [0, 0.0049])
      expect(said(probability, 21)).to.equal(
        'This patient has a less than 1 % chance of staying three weeks or longer.',
      );
    for (const probability of [0.996, 1])
      expect(said(probability, 21)).to.equal(
        'This patient has a more than 99 % chance of staying three weeks or longer.',
      );
  });
});
