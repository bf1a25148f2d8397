import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { MailEvents } from '../../../deploy/mail/events.js';
import { renderMail } from '../../../deploy/mail/render.js';
import { projectRoot } from '../../../deploy/project.js';

const about = { subjectPrefix: '[los]', deployment: 'los on local', at: new Date('2026-01-02T03:04:05Z') };
const base = {
  summary: 'It went <well> & fast.',
  figures: [{ label: 'Rows', value: 230000 }],
  tables: [{ title: 'By ward', columns: ['Ward', 'Mean'], rows: [['R', 33.25]] }],
  next: 'Run los status.',
};
const samples: MailEvents = {
  deploy: { ...base, created: ['a', 'b'], updated: [], removed: ['c'], unchanged: 3 },
  destroy: { ...base, removed: ['a'], kept: ['b'] },
  data: { ...base, dataset: 'health', rows: 230000 },
  eda: { ...base, dataset: 'health', questions: 26, sentences: ['Stays are longest in ward S.'] },
  features: { ...base, dataset: 'health', rows: 230000 },
  training: { ...base, dataset: 'health', version: 'v1', rmse: 13.59, mae: 10, r2: 0.35, meanRmse: 17 },
  promotion: { ...base, version: 'v2', previous: 'v1' },
  scoring: { ...base, version: 'v2', rows: 71000 },
  simulation: { ...base, version: 'v2', days: 31, rows: 71000 },
  beds: {
    ...base,
    dataset: 'health',
    night: 'Mon 2026-11-30',
    expected: 106,
    sentences: ['Ward A will be full.'],
  },
  events: {
    ...base,
    title: 'Warning: AGE',
    events: [
      {
        id: 'e1',
        headline: 'Warning',
        subject: 'AGE',
        message: 'It has shifted.',
        next: 'See the page.',
        day: '2026-01-01',
        alone: false,
      },
    ],
  },
  failure: { ...base, step: 'los apply', error: 'role <x> is missing' },
};

describe('status mails', () => {
  for (const event of Object.keys(samples) as (keyof MailEvents)[])
    it(`renders ${event} as HTML and as text`, () => {
      const mail = renderMail(event, samples[event], about);
      expect(mail.subject)
        .to.match(/^\[los\] \S/)
        .and.not.to.match(/\{|\n|&/);
      expect(mail.html).to.contain('It went &lt;well&gt; &amp; fast.').and.to.contain('230,000');
      expect(mail.text).to.contain('It went <well> & fast.').and.to.contain('Ward | Mean\nR | 33.25');
      expect(mail.text).not.to.match(/<\/?(p|td|b|ul|div)\b/);
      expect(mail.text).to.contain('2026-01-02 03:04 UTC');
    });

  it('has a template for every event and none besides', () => {
    const files = readdirSync(join(projectRoot, 'templates', 'mail')).filter((name) =>
      /^[a-z]+\.hbs$/.test(name),
    );
    expect(files.sort()).to.deep.equal(
      [...Object.keys(samples), 'layout'].map((name) => `${name}.hbs`).sort(),
    );
  });

  it('says when there was nothing to deploy, or to score with', () => {
    const nothing = { ...samples.deploy, created: [], updated: [], removed: [] };
    expect(renderMail('deploy', nothing, about).subject).to.equal('[los] Nothing to deploy');
    const unscored = renderMail('scoring', { ...samples.scoring, version: null, rows: 0 }, about);
    expect(unscored.subject).to.equal('[los] Nothing scored: no version has been promoted');
    expect(unscored.text).not.to.contain('logging table');
  });

  it('shows a figure that has no value as a dash', () => {
    const mail = renderMail('training', { ...samples.training, r2: Number.NaN }, about);
    expect(mail.text).to.contain('R² –').and.not.to.contain('NaN');
  });

  it('says in the zone of the settings when it was written', () => {
    const at = new Date(Date.UTC(2026, 10, 26, 17, 5));
    const berlin = renderMail('data', samples.data, { ...about, at, timeZone: 'Europe/Berlin' });
    expect(berlin.text).to.contain('2026-11-26 18:05 Europe/Berlin');
    expect(renderMail('data', samples.data, { ...about, at }).html).to.contain('2026-11-26 17:05 UTC');
  });

  it('escapes what comes from elsewhere', () => {
    expect(renderMail('failure', samples.failure, about).html).to.contain('role &lt;x&gt; is missing');
    expect(renderMail('failure', samples.failure, about).text).to.contain('role <x> is missing');
  });
});
