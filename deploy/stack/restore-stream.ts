import { managedMarker } from '../ground/marker.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Resource } from '../resources/resource.js';
import type { SqlDefinition } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';

/**
 * The statement by which a procedure makes a stream anew that went stale: as apply would have, with its mark, so that apply
 * finds it as declared.
 */
export function restoreStream(settings: Settings, stream: Resource<SqlDefinition>): string {
  const mark = managedMarker(settings.prefix, fingerprintOf(stream.kind, stream.definition));
  return stream.definition.create
    .replaceAll('{fingerprint}', mark)
    .replace(/^CREATE STREAM/, 'CREATE OR REPLACE STREAM');
}
