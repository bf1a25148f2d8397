import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import type { MailEvents } from '../../../report/mail/events.js';
import { images } from '../../../report/mail/picture.js';
import { renderMail } from '../../../report/mail/render.js';
import { NO_CHROMIUM } from '../../deploy/chromium.js';
import { readingEase, sentencesOf, wordsIn } from '../../house/prose.js';
import { hasPhone, type Phone, startPhone } from './phone.js';
import { everyKind, type Handed } from './samples.js';

const about = {
  deployment: 'los on local',
  schema: 'PREDICT_LOS.LOS',
  at: new Date('2026-01-02T03:04:05Z'),
  pictured: true,
};
const base = {
  summary: 'It went <well> & fast.',
  figures: [{ label: 'Rows', value: 230000 }],
  tables: [{ title: 'By ward', columns: ['Ward', 'Mean'], rows: [['R', 33.25]] }],
  next: 'Look:',
  commands: ['SELECT 1;', 'los status'],
};
const scoring = { ...base, version: 'v2', rows: 71000 };

/** Flesch's, as of the documentation (test/house/prose.test.ts); the hardest mail has 73. */
const EASE = 70;

/** The words and numbers of a text. */
const words = (text: string) =>
  text.replace(/&(lt|gt|quot|amp|#x27|#x3D|#x60|nbsp);/g, ' ').match(/[\p{L}\d]+/gu) ?? [];

describe('status mails', () => {
  let all: readonly Handed[];
  let phone: Phone | undefined;
  before(async () => {
    all = await everyKind();
    if (hasPhone) phone = await startPhone();
  });
  after(() => phone?.close());

  it('are of every kind here', () => {
    const files = readdirSync(join(projectRoot, 'templates', 'mail')).filter((name) =>
      /^[a-z]+\.hbs$/.test(name),
    );
    const kinds = new Set(all.map(([event]) => `${event}.hbs`));
    expect(files.sort()).to.deep.equal([...kinds, 'layout.hbs'].sort());
  });

  it('have the outcome in the subject, and say in text what they say in HTML', () => {
    for (const [event, data] of all) {
      const { subject, html, text } = renderMail(event, data as MailEvents[typeof event], about);
      expect(subject, event).to.match(/^\[predict-los\] [^{}&\n]{8,140}$/);
      const shown = words(
        html.replace(/<title>.*<\/title>|<style>.*<\/style>|<wbr>/g, '').replace(/<[^>]+>/g, ' '),
      );
      const said = new Set(words(text));
      expect(
        shown.filter((word) => !said.has(word)),
        `${event} ${subject}`,
      ).to.deep.equal([]);
      expect(text, event).not.to.match(/<\/?(p|td|b|ul|div|pre|wbr)\b|undefined|NaN|\[object/);
      expect(html, event).not.to.match(/undefined|NaN|\[object/);
    }
  });

  it(`have a reading ease of ${EASE} or more`, () => {
    for (const [event, data] of all) {
      const { html, subject } = renderMail(event, data as MailEvents[typeof event], about);
      const prose = [...html.matchAll(/<(p|li|h\d)\b[^>]*>([\s\S]*?)<\/\1>/g)]
        .map(([, , text]) => text!.replace(/<(code|pre)\b[\s\S]*?<\/\1>|<[^>]+>/g, ''))
        .map((text) => text.replace(/&[#\w]+;/g, ' '));
      const sentences = sentencesOf(prose.join('\n\n')).filter((each) => wordsIn(each).length > 3);
      expect(sentences, subject).not.to.deep.equal([]);
      expect(readingEase(sentences), `${event} ${subject}`).to.be.at.least(EASE);
    }
  });

  it('have nothing cut off or broken on a phone of 360 px', async function () {
    if (!phone) {
      console.log(NO_CHROMIUM);
      return this.skip();
    }
    // To be looked at by a person: LOS_MAIL_PICTURES=folder.
    const folder = process.env.LOS_MAIL_PICTURES;
    if (folder) mkdirSync(folder, { recursive: true });
    for (const [i, [event, data]] of all.entries()) {
      const { html, text, subject } = renderMail(event, data as MailEvents[typeof event], about);
      const drawn = data.picture?.draw ? await images(data.picture.draw) : [];
      const addresses = new Map(
        drawn.map(({ name, png }) => [name, `data:image/png;base64,${png.toString('base64')}`]),
      );
      const shown = html.replace(
        /cid:([\w-]+)@predict-los/g,
        (_, name) => addresses.get(name as 'picture') ?? expect.fail(`no ${name} goes with ${event}`),
      );
      expect(await phone.cutOff(shown), subject).to.deep.equal([]);
      for (const [scheme, name] of [
        ['light', 'picture'],
        ['dark', 'dark-picture'],
      ] as const)
        expect(await phone.shownImage(shown, scheme), subject).to.equal(addresses.get(name) ?? null);
      if (!folder) continue;
      await phone.picture(shown, join(folder, `${i}-${event}.png`));
      await phone.picture(shown, join(folder, `${i}-${event}-dark.png`), 'dark');
      writeFileSync(join(folder, `${i}-${event}.html`), shown);
      writeFileSync(join(folder, `${i}-${event}.txt`), `${subject}\n\n${text}`);
    }
  });

  it('give SQL that knows its schema, and commands apart from it', () => {
    const { html, text } = renderMail('scoring', scoring, about);
    expect(html)
      .to.contain('>USE SCHEMA PREDICT_LOS.LOS;\nSELECT 1;</pre>')
      .and.to.contain('>los status</pre>');
    expect(text)
      .to.contain('    USE SCHEMA PREDICT_LOS.LOS;\n    SELECT 1;\n')
      .and.to.contain('    los status\n');
  });

  it('say when there was nothing to deploy, or to score with', () => {
    expect(renderMail('deploy', { summary: '', changes: '', sentences: [] }, about).subject).to.equal(
      '[predict-los] Nothing to deploy: no differences',
    );
    expect(renderMail('scoring', { ...scoring, version: null, rows: 0 }, about).subject).to.equal(
      '[predict-los] Nothing scored: no version has been promoted',
    );
  });

  it('show a figure that has no value as a dash', () => {
    const mail = renderMail('scoring', { ...scoring, key: [{ label: 'R²', value: Number.NaN }] }, about);
    expect(mail.text).to.contain('–  R²').and.not.to.contain('NaN');
  });

  it('say in the zone of the settings when they were written', () => {
    const at = new Date(Date.UTC(2026, 10, 26, 17, 5));
    const berlin = renderMail('scoring', scoring, { ...about, at, timeZone: 'Europe/Berlin' });
    expect(berlin.text).to.contain('2026-11-26 18:05 Europe/Berlin');
    expect(renderMail('scoring', scoring, { ...about, at }).html).to.contain('2026-11-26 17:05 UTC');
  });

  it('escape what comes from elsewhere', () => {
    const failure = {
      summary: 'It went <well> & fast.',
      step: 'los apply',
      short: 'role <x> is missing',
      error: 'role <x> is "missing"',
    };
    const { html, text, subject } = renderMail('failure', failure, about);
    expect(subject).to.equal('[predict-los] FAILED: los apply: role <x> is missing');
    expect(html)
      .to.contain('role &lt;x&gt; is &quot;missing&quot;')
      .and.to.contain('It went &lt;well&gt; &amp; fast.')
      .and.not.to.contain('<x>');
    expect(text).to.contain('role <x> is "missing"').and.to.contain('It went <well> & fast.');
  });
});
