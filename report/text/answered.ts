import Handlebars from 'handlebars';
import { template } from '../templates.js';

/** A field of a document that a person fills in. */
export interface Question {
  /** Its name in the file of answers. */
  readonly name: string;
  /** Question; of a field with a text of ours, that text. */
  readonly asks: string;
  /** A text of ours stands where no answer is given. */
  readonly optional: boolean;
}

/** Answers of people, by the names of their fields. */
export type Answers = Readonly<Record<string, string>>;

/** Text where a field has no answer yet. */
export const UNANSWERED = 'Not answered yet: ';

/**
 * Renders a template of which people fill in a part: `{{#person "Name"}}question{{/person}}` is a field that only a person
 * knows, `{{#own "Name"}}text{{/own}}` one with a text of ours that an answer replaces, `{{#text}}…{{/text}}` one that is
 * filled in from the registry, which no answer replaces.
 * @param file below templates/
 * @param form of each field's text: as JSON in a template of YAML, which YAML reads as a string
 * @returns the text, and the fields in the order in which the template has them
 */
export function renderAnswered(
  file: string,
  values: object,
  answers: Answers,
  form: 'yaml' | 'plain',
): { readonly text: string; readonly questions: readonly Question[] } {
  const questions: Question[] = [];
  const handlebars = Handlebars.create();
  const field = (text: string) => (form === 'yaml' ? JSON.stringify(text.replace(/\s+/g, ' ').trim()) : text);
  const ask = (optional: boolean) =>
    function (this: unknown, name: string, { fn }: Handlebars.HelperOptions) {
      const asks = fn(this).replace(/\s+/g, ' ').trim();
      if (!questions.some((question) => question.name === name)) questions.push({ name, asks, optional });
      return field(answers[name] ?? (optional ? asks : `${UNANSWERED}${asks}`));
    };
  handlebars.registerHelper('person', ask(false));
  handlebars.registerHelper('own', ask(true));
  handlebars.registerHelper('text', function (this: unknown, { fn }: Handlebars.HelperOptions) {
    return field(fn(this));
  });
  handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value));
  return { text: handlebars.compile(template(file), { noEscape: true })(values), questions };
}
