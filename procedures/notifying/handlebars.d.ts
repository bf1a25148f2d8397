/** A template as the build compiles it (scripts/build/templates.ts). */
declare module '*.hbs' {
  const spec: object;
  export default spec;
}

/** The parts of Handlebars' runtime that templates.ts uses; the package declares types of its whole only. */
declare module 'handlebars/lib/handlebars/base.js' {
  export class HandlebarsEnvironment {
    registerHelper(name: string, helper: unknown): void;
    registerPartial(name: string, partial: unknown): void;
    template(spec: object): (values: object) => string;
  }
}
declare module 'handlebars/lib/handlebars/runtime.js' {
  export function template(spec: object, env: object): (values: object) => string;
}
declare module 'handlebars/lib/handlebars/utils.js' {
  export function escapeExpression(text: unknown): string;
}
