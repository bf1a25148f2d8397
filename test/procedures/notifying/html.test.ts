import { expect } from 'chai';
import { titleOf, write } from '../../../procedures/notifying/html.js';
import { letters, type Told } from '../../../procedures/notifying/outbox.js';

const event = (more: Partial<Told>): Told => ({
  id: 'e1',
  kind: 'alarm',
  severity: 'warning',
  subject: 'AGE',
  message: 'AGE < 3 & more.',
  next: 'See docs/runbook/inputs.md.',
  day: '2026-06-30',
  at: '2026-07-01T05:30:00Z',
  ...more,
});

describe('what people are told', () => {
  it('comes at once and alone where it is critical, and together where it is not', () => {
    const told = [
      event({ id: 'a' }),
      event({ id: 'b', severity: 'critical' }),
      event({ id: 'c', kind: 'promoted', severity: 'info' }),
    ];
    expect(letters(told).map(({ events }) => events.map(({ id }) => id))).to.deep.equal([['b'], ['a', 'c']]);
    expect(letters([])).to.deep.equal([]);
  });

  it('has the outcome in its subject', () => {
    expect(titleOf({ events: [event({ severity: 'critical', subject: 'task graph' })] })).to.equal(
      'ALARM: task graph',
    );
    expect(
      titleOf({ events: [event({ kind: 'rolled back', severity: 'critical', subject: 'health-v3' })] }),
    ).to.equal('Rolled back: health-v3');
    expect(titleOf({ events: [event({}), event({ kind: 'promoted', severity: 'info' })] })).to.equal(
      '1 warning, 2 events',
    );
  });

  it('is HTML that no text of a level can break', () => {
    const { subject, html } = write(
      { events: [event({})] },
      { prefix: '[los]', deployment: 'los on <test>' },
    );
    expect(subject).to.equal('[los] Warning: AGE');
    expect(html)
      .to.contain('AGE &lt; 3 &amp; more.')
      .and.to.contain('los on &lt;test&gt;')
      .and.to.contain('event e1');
  });
});
