import { unlessMissing } from '../../deploy/ground/aws-errors.js';
import { keyStatements } from '../../deploy/stack/policy.js';
import { breaks, type Check } from '../check.js';
import { permissionsOf, refusalOf, statementsOf } from './policy.js';
import type { Scene } from './scene.js';

/** Check of a key of one's own, where there is one. It precedes checks that read and write with it. */
export const keyCheck: Check<Scene> = {
  name: 'key',
  asks: 'the key of the bucket and of jobs (aws.kmsKey), where one is set, can be used',
  needs: ['connection'],
  async look({ ctx }) {
    const { aws, settings } = ctx;
    const KeyId = settings.aws.kmsKey;
    if (KeyId === null) return undefined;
    const described = await unlessMissing(aws.kms.describeKey({ KeyId }));
    const { KeyState = 'gone', KeySpec, AWSAccountId } = described?.KeyMetadata ?? {};
    const enable = `aws kms enable-key --key-id ${KeyId}`;
    if (KeyState === 'Disabled') return breaks(`The key ${KeyId} is disabled.`, enable);
    if (KeyState === 'PendingDeletion')
      return breaks(
        `The key ${KeyId} is to be deleted, and with it every file that it encrypts is lost.`,
        `aws kms cancel-key-deletion --key-id ${KeyId} && ${enable}`,
      );
    if (KeyState !== 'Enabled' || KeySpec !== 'SYMMETRIC_DEFAULT' || AWSAccountId !== aws.accountId)
      return breaks(
        `The key ${KeyId} cannot be used: it is ${[KeyState, KeySpec, AWSAccountId].filter(Boolean).join(', ')}.`,
        'Name an enabled symmetric key of this account as aws.kmsKey. What a deleted one encrypted cannot be read again: empty the bucket, and train.',
      );
    const { Policy = '{}' } = await aws.kms.getKeyPolicy({ KeyId });
    const live = statementsOf(JSON.parse(Policy));
    const roles = Object.values(settings.aws.roles).map((role) => `:role/${role}"`);
    // That its policy was read shows LosLooks.
    const used = statementsOf({ Statement: keyStatements(ctx) }).filter(({ Sid }) => Sid !== 'LosLooks');
    for (const statement of used) {
      // For the account, the service, or roles by their names.
      const whom = [JSON.stringify(statement.Principal).slice(1, -1), `"${aws.accountId}"`, '"*"', ...roles];
      const about = live.filter(({ Principal = '' }) =>
        whom.some((each) => JSON.stringify(Principal).includes(each)),
      );
      for (const request of permissionsOf([statement], [])) {
        const why = refusalOf(about, request);
        if (why)
          return breaks(
            `The policy of the key ${KeyId} lacks ${request.action} (${statement.Sid}): ${why}.`,
            `Let the key’s administrator put the statement ${statement.Sid} that los bootstrap prints into its policy (aws kms put-key-policy).`,
          );
      }
    }
    return undefined;
  },
};
