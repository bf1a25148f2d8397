// IAM: users and their access keys, as far as a project needs callers with narrow permissions.
import { AwsError } from '../errors.js';
import type { User } from '../identity/principals.js';
import type { XmlNode } from '../xml.js';
import { policyOperationsOf, requireNoPolicies, requirePermission } from './principal-policies.js';
import type { IamCall, IamOperation } from './service.js';
import {
  checkName,
  checkPath,
  iso,
  noSuchEntity,
  pageItems,
  requireFree,
  tagList,
  writePage,
} from './shared.js';

/** The user named, or the caller where no name is given. */
function findUser(call: IamCall): User {
  const given = call.parameters.get('UserName');
  if (given === undefined) {
    const self = call.context.accounts.userByArn(call.identity.principalArn);
    if (!self)
      throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
    return self;
  }
  const user = call.account.users[checkName('userName', given, 64)];
  if (!user) {
    call.authorize(`arn:aws:iam::${call.account.id}:user/${given}`);
    throw noSuchEntity(`The user with name ${given} cannot be found.`);
  }
  return user;
}

const allowedUser = requirePermission(findUser);

const describe = (user: User): XmlNode => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: iso(user.created),
  ...(Object.keys(user.tags).length > 0 && { Tags: tagList(user.tags) }),
});

export const userOperations: Record<string, IamOperation> = {
  GetUser: (call) => ({ User: describe(allowedUser(call)) }),

  CreateUser(call) {
    const { parameters, account, context } = call;
    const name = checkName('userName', parameters.need('UserName'), 64);
    const path = checkPath(parameters.get('Path'));
    call.authorize(`arn:aws:iam::${account.id}:user${path}${name}`);
    requireFree('User', account.users, name);
    return { User: describe(context.accounts.createUser(account.id, name, path, parameters.tags())) };
  },

  ListUsers(call) {
    call.authorize(`arn:aws:iam::${call.account.id}:user/`);
    return writePage(call, pageItems(call, call.account.users), 'Users', describe);
  },

  DeleteUser(call) {
    const user = allowedUser(call);
    if (call.context.accounts.accessKeysOf(user).length > 0)
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete access keys first.', 409);
    requireNoPolicies(user);
    delete call.account.users[user.name];
    call.context.accounts.save();
    return undefined;
  },

  CreateAccessKey(call) {
    const user = allowedUser(call);
    if (call.context.accounts.accessKeysOf(user).length >= 2)
      throw new AwsError('LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2', 409);
    const key = call.context.accounts.createAccessKey(user);
    return {
      AccessKey: {
        UserName: user.name,
        AccessKeyId: key.id,
        Status: 'Active',
        SecretAccessKey: key.secret,
        CreateDate: iso(key.created),
      },
    };
  },

  ListAccessKeys(call) {
    const user = allowedUser(call);
    return writePage(call, call.context.accounts.accessKeysOf(user), 'AccessKeyMetadata', (key) => ({
      UserName: user.name,
      AccessKeyId: key.id,
      Status: 'Active',
      CreateDate: iso(key.created),
    }));
  },

  DeleteAccessKey(call) {
    const user = allowedUser(call);
    const id = call.parameters.need('AccessKeyId');
    if (!call.context.accounts.accessKeysOf(user).some((key) => key.id === id))
      throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    call.context.accounts.deleteAccessKey(id);
    return undefined;
  },

  ...policyOperationsOf('User', findUser),
};
