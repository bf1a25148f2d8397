import { HandlebarsEnvironment } from 'handlebars/lib/handlebars/base.js';
import * as runtime from 'handlebars/lib/handlebars/runtime.js';
import { escapeExpression } from 'handlebars/lib/handlebars/utils.js';
import events from '../../templates/mail/events.hbs';
import layout from '../../templates/mail/layout.hbs';
import commands from '../../templates/mail/partials/commands.hbs';
import figures from '../../templates/mail/partials/figures.hbs';
import tables from '../../templates/mail/partials/tables.hbs';
import { helpers, type Template } from './page.js';

/**
 * The mails' templates as they are compiled at build time (scripts/build/templates.ts), for a body in which nothing can
 * be compiled. Handlebars' runtime is put together here: its own entry looks for a global object in ways that an engine
 * may not have.
 */
function prepareTemplates(): { events: Template; layout: Template } {
  const env = new HandlebarsEnvironment();
  Object.assign(env, {
    VM: runtime,
    escapeExpression,
    template: (spec: object) => runtime.template(spec, env),
  });
  for (const name of Object.keys(helpers)) env.registerHelper(name, helpers[name]);
  const partials: Readonly<Record<string, object>> = { commands, figures, tables };
  for (const name of Object.keys(partials)) env.registerPartial(name, env.template(partials[name] as object));
  return { events: env.template(events), layout: env.template(layout) };
}

export const templates = prepareTemplates();
