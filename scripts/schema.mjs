// Writes los.config.schema.json, by which editors check and complete los.config.yaml. A test compares the two.
import { writeFileSync } from 'node:fs';
import { editorSchema } from '../dist/deploy/settings/file-schema.js';

writeFileSync(
  new URL('../los.config.schema.json', import.meta.url),
  `${JSON.stringify(editorSchema, null, 2)}\n`,
);
