/** Tags of SageMaker's resources. */
import type { Call, Operation } from './call.js';
import type { Tag } from './records.js';
import { list, onlyMembers, string, validationError } from './validation.js';

const MOST_TAGS = 50;

/** Reads the Tags of a create request; creating with tags needs sagemaker:AddTags as well. */
export function tagsOf(call: Call, arn: string): Tag[] {
  const tags = list<Tag>(call.input, 'Tags');
  if (tags.length > 0) call.authorize('AddTags', arn);
  return checkTags(tags);
}

function checkTags(tags: Tag[]): Tag[] {
  if (tags.length > MOST_TAGS) throw validationError(`A resource carries at most ${MOST_TAGS} tags.`);
  const keys = new Set<string>();
  for (const tag of tags) {
    const key = string({ ...tag }, 'Key', { max: 128 }, 'tags');
    string({ ...tag }, 'Value', { max: 256 }, 'tags');
    if (key.toLowerCase().startsWith('aws:'))
      throw validationError('Tag keys that start with aws: are reserved.');
    if (keys.has(key)) throw validationError(`The tag key ${key} occurs twice.`);
    keys.add(key);
  }
  return tags.map(({ Key, Value }) => ({ Key, Value }));
}

/** The ARN of an existing resource. */
function resourceOf(call: Call): string {
  const arn = string(call.input, 'ResourceArn', { max: 256 });
  const { records } = call;
  const exists =
    records.trainingJobs.values().some((item) => item.TrainingJobArn === arn) ||
    records.tuningJobs.values().some((item) => item.HyperParameterTuningJobArn === arn) ||
    records.transformJobs.values().some((item) => item.TransformJobArn === arn) ||
    records.models.values().some((item) => item.ModelArn === arn) ||
    records.endpointConfigs.values().some((item) => item.EndpointConfigArn === arn) ||
    records.endpoints.values().some((item) => item.EndpointArn === arn) ||
    records.modelPackageGroups.values().some((item) => item.ModelPackageGroupArn === arn);
  if (!exists) throw validationError(`Could not find resource "${arn}".`);
  return arn;
}

export const addTags: Operation = (call) => {
  onlyMembers(call.input, 'AddTags', ['ResourceArn', 'Tags']);
  const arn = string(call.input, 'ResourceArn', { max: 256 });
  call.authorize('AddTags', arn);
  resourceOf(call);
  const added = checkTags(list<Tag>(call.input, 'Tags'));
  const kept = (call.records.tags.get(arn) ?? []).filter((tag) => !added.some((a) => a.Key === tag.Key));
  const tags = checkTags([...kept, ...added]);
  call.records.tags.set(arn, tags);
  return { Tags: tags };
};

export const listTags: Operation = (call) => {
  onlyMembers(call.input, 'ListTags', ['ResourceArn', 'MaxResults', 'NextToken']);
  call.authorize('ListTags', string(call.input, 'ResourceArn', { max: 256 }));
  // At most 50 tags: one page always holds them.
  return { Tags: call.records.tags.get(resourceOf(call)) ?? [] };
};

export const deleteTags: Operation = (call) => {
  onlyMembers(call.input, 'DeleteTags', ['ResourceArn', 'TagKeys']);
  call.authorize('DeleteTags', string(call.input, 'ResourceArn', { max: 256 }));
  const arn = resourceOf(call);
  const keys = list<string>(call.input, 'TagKeys');
  call.records.tags.set(
    arn,
    (call.records.tags.get(arn) ?? []).filter((tag) => !keys.includes(tag.Key)),
  );
  return {};
};
