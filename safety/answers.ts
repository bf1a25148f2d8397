import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../deploy/errors.js';
import { findNearest } from '../deploy/ground/suggest.js';
import { readYaml } from '../deploy/ground/yaml.js';
import type { Answers, Question } from '../report/text/answered.js';

/** File of a person's answers: the hospital's own, the same for every version. */
export const ANSWERS = 'los.safety.yaml';

/**
 * Answers of people by the names of their fields; none where there is no file yet.
 * @throws UserError where it cannot be read as names and texts
 */
export function readAnswers(file: string): Answers {
  if (!existsSync(file)) return {};
  const { value = {}, problem } = readYaml(readFileSync(file, 'utf8'));
  if (problem !== undefined)
    throw new UserError(`${file} is no YAML: ${problem}.`, { next: 'Correct it there.' });
  const answers = Object.entries(value ?? {}).filter(([, answer]) => answer !== null && answer !== '');
  const other = answers.find(([, answer]) => typeof answer !== 'string');
  if (other)
    throw new UserError(`${file}: the answer ${other[0]} is no text.`, {
      next: 'Put it in quotation marks.',
    });
  return Object.fromEntries(answers);
}

/**
 * Refuses answers to what is not asked: a figure of the registry is no person's to give.
 * @throws UserError that names the first of them
 */
export function refuseUnasked(file: string, answers: Answers, questions: readonly Question[]): void {
  const names = questions.map(({ name }) => name);
  const unknown = Object.keys(answers).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const near = findNearest(unknown, names);
  throw new UserError(`${file}: ${unknown} is no field that a person fills in.`, {
    next: `${near ? `Did you mean ${near}? ` : ''}The fields are ${names.join(', ')}.`,
  });
}

/** Names of the fields that still need a person. */
export function listMissing(answers: Answers, questions: readonly Question[]): string[] {
  return questions.filter(({ name, optional }) => !optional && !(name in answers)).map(({ name }) => name);
}

/** A file of answers to begin with: each question, and as a comment each text of ours that an answer would replace. */
export function draftAnswers(questions: readonly Question[]): string {
  const lines = questions.flatMap(({ name, asks, optional }) =>
    optional ? [`# ${name}: ${JSON.stringify(asks)}`] : [`# ${asks}`, `${name}: ""`],
  );
  return `# Answers of people to what the registry does not know. They are kept across versions: keep this file beside los.config.yaml.\n${lines.join('\n')}\n`;
}
