/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A risk that is taken as it is. */
export type AcceptRiskInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  /** `YYYY-MM-DD`: the acceptance ends with the beginning of that day, by UTC. At most 3 years from now. */
  expiresOn: string;
  id: string | number;
  reason: string;
};

/** A campaign that begins. */
export type ActivateCampaignInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** Tests to be taken in, 500 at most. */
export type AddCampaignTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  tests: Array<NewCampaignTestInput>;
};

/** A new step, at the end. */
export type AddRemediationStepInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  notes?: string | null | undefined;
  ownerId?: string | number | null | undefined;
  title: string;
};

/** What a preview has read, to be put in force. */
export type ApplyKnowledgeInput = {
  clientMutationId?: string | null | undefined;
  /** The digest that the result of the preview names. */
  digest: string;
  source: KnowledgeSource;
};

/** A campaign that is put away. */
export type ArchiveCampaignInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A draft or a rejected test to be put away. */
export type ArchiveTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason?: string | null | undefined;
};

/** What kind of value an argument takes. */
export type ArgumentKind =
  /** Digits, with a sign before them or not. */
  | 'INTEGER'
  /** A place in a file system; not checked. */
  | 'PATH'
  /** Any text. */
  | 'STRING'
  /** An address; not checked. */
  | 'URL';

/** The value of an argument of a template, taken literally. */
export type ArgumentValueInput = {
  name: string;
  value: string;
};

/** Somebody who sees to a remediation; null or left out: nobody. */
export type AssignRemediationInput = {
  assigneeId?: string | number | null | undefined;
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** Which entries are asked for; all conditions have to hold. */
export type AuditFilterInput = {
  /** By whom: the id of an account. */
  account?: string | number | null | undefined;
  /** The type of an event, `VoteCast`, or what was tried, `sign_in`. */
  action?: string | null | undefined;
  /** About which one: its id, or with `entityType` the id that the record has of it. */
  entityId?: string | number | null | undefined;
  /** About what kind of thing: `test`, `campaign`, `remediation`, `template`, `account`, `review_policy`, ... */
  entityType?: string | null | undefined;
  /** Not before this instant. */
  from?: string | null | undefined;
  outcome?: AuditOutcome | null | undefined;
  /** Before this instant. */
  to?: string | null | undefined;
};

/** Whether something was allowed. */
export type AuditOutcome =
  /** It was. */
  | 'ALLOWED'
  /** It was not, for whatever reason. */
  | 'REFUSED';

/** Where an entry of the audit log stands. */
export type AuditSource =
  /** In the access log: nothing changed, or it was refused. */
  | 'ACCESS_LOG'
  /** In the ledger: something changed, and stays there for good. */
  | 'LEDGER';

/** Somebody wants a second factor. */
export type BeginSecondFactorInput = {
  /** One's own password; left out by people who have none. */
  password?: string | null | undefined;
};

/** What is in the way. */
export type BlockRemediationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** What is done with each of many tests. */
export type BulkAction =
  /** Puts it away. */
  | 'ARCHIVE'
  /** Gives it to `assigneeId`, or to nobody. */
  | 'ASSIGN'
  /** Begins the execution. */
  | 'START';

/** One thing done with many tests. Each is judged by itself: some may be refused while others are done. */
export type BulkTestsInput = {
  action: BulkAction;
  /** For `ASSIGN`. */
  assigneeId?: string | number | null | undefined;
  clientMutationId?: string | null | undefined;
  /** At most 100. */
  ids: Array<string | number>;
  /** For `ARCHIVE`. */
  reason?: string | null | undefined;
};

/** A step that is open to somebody. */
export type CampaignAction =
  /** `activateCampaign`. */
  | 'ACTIVATE'
  /** `archiveCampaign`. */
  | 'ARCHIVE'
  /** `addCampaignTest`, `updateCampaignTest`, `moveCampaignTest`, `removeCampaignTest`. */
  | 'ARRANGE_TESTS'
  /** `completeCampaign`. */
  | 'COMPLETE'
  /** `updateCampaign`. */
  | 'REVISE'
  /** `scheduleCampaign`. */
  | 'SCHEDULE'
  /** `unscheduleCampaign`. */
  | 'UNSCHEDULE';

/** Which campaigns a list is about; absent means any. */
export type CampaignFilter = {
  /** Only runs of schedules, or only what is none. */
  isRun?: boolean | null | undefined;
  kinds?: Array<CampaignKind> | null | undefined;
  ownerId?: string | number | null | undefined;
  /** Part of name, description or objective; or a number, `#7`. */
  search?: string | null | undefined;
  /** Those that are not archived, unless said otherwise. */
  states?: Array<CampaignState> | null | undefined;
  tag?: string | null | undefined;
};

/** What sort of exercise it is. */
export type CampaignKind =
  /** The defenders' exercise. */
  | 'BLUE_TEAM'
  /** Put together by hand, for its own purpose. */
  | 'CUSTOM'
  /** Both teams at one table, test by test. */
  | 'PURPLE_TEAM'
  /** The attackers' exercise. */
  | 'RED_TEAM'
  /** Talked through, not carried out. */
  | 'TABLETOP'
  /** Follows what a threat actor is known to do. */
  | 'THREAT_ACTOR';

/** Where a campaign stands. */
export type CampaignState =
  /** Running; its plan is settled. */
  | 'ACTIVE'
  /** Put away; final. */
  | 'ARCHIVED'
  /** Over; final but for archiving. */
  | 'COMPLETED'
  /** Being planned. */
  | 'DRAFT';

/** A job to be stopped. */
export type CancelJobInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** A lead's judgement. Takes no version: the votes of both leads count, in either order. */
export type CastVoteInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
  notes?: string | null | undefined;
  /** The evidence you looked at (`evidenceId`): a vote on other evidence is refused as a conflict. */
  seenEvidenceIds?: Array<string> | null | undefined;
  /** An admin must say which; a lead's is their own. */
  side?: Side | null | undefined;
  verdict: Verdict;
};

/** A new password of one's own. */
export type ChangePasswordInput = {
  clientMutationId?: string | null | undefined;
  currentPassword: string;
  newPassword: string;
};

/** How confidential the data of a test is. A label for people: it changes nothing about who may read. */
export type Classification =
  /** For those who need it. */
  | 'CONFIDENTIAL'
  /** For the organisation. */
  | 'INTERNAL'
  /** Anybody may know. */
  | 'PUBLIC'
  /** For those who are named. */
  | 'RESTRICTED';

/** A label for a test. */
export type ClassifyTestInput = {
  classification: Classification;
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A campaign to be copied. */
export type CloneCampaignInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
  /** The name of the copy; the old one and "(copy)" if left out. */
  name?: string | null | undefined;
};

/** A test to be drafted once more. */
export type CloneTestInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
  /** Another title than the one it has. */
  title?: string | null | undefined;
};

/** A campaign that ends. */
export type CompleteCampaignInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A remediation that is done, all its steps included. */
export type CompleteRemediationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  /** What was done. */
  notes?: string | null | undefined;
};

/** A step that is done. */
export type CompleteRemediationStepInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  stepId: string;
};

/** Where a source is found and when it is fetched: all of it anew. */
export type ConfigureDataSourceInput = {
  /** At most 5, http or https, tried one after the other. */
  addresses: Array<string>;
  clientMutationId?: string | null | undefined;
  enabled: boolean;
  /** Hours between two fetches, at most a year; 0: only when somebody asks. */
  everyHours: number;
  source: KnowledgeSource;
};

/** A file that has been put. */
export type ConfirmEvidenceInput = {
  clientMutationId?: string | null | undefined;
  /** The id of the upload. */
  uploadId: string | number;
};

/** The first code of an authenticator app. */
export type ConfirmSecondFactorInput = {
  clientMutationId?: string | null | undefined;
  code: string;
};

/** Whether it was stopped. */
export type ContainmentResult =
  /** Stopped. */
  | 'CONTAINED'
  /** There was nothing to stop. */
  | 'NOT_APPLICABLE'
  /** Not stopped. */
  | 'NOT_CONTAINED'
  /** Stopped in part. */
  | 'PARTIALLY_CONTAINED';

/** How well a technique is covered. */
export type CoverageStatus =
  /** None is validated yet, some are open. */
  | 'IN_PROGRESS'
  /** None was. */
  | 'NOT_COVERED'
  /** There is no test. */
  | 'NOT_EVALUATED'
  /** Some were, at least in part. */
  | 'PARTIAL'
  /** Every validated test was detected. */
  | 'VALIDATED';

/** A new campaign. Free text stays in the record for good: name no person in it. */
export type CreateCampaignInput = {
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** The last day, `YYYY-MM-DD`. */
  endDate?: string | null | undefined;
  /** `CUSTOM` if left out. */
  kind?: CampaignKind | null | undefined;
  name: string;
  objective?: string | null | undefined;
  ownerId?: string | number | null | undefined;
  /** The first day, `YYYY-MM-DD`. */
  startDate?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  /** Its first tests, 500 at most. */
  tests?: Array<NewCampaignTestInput> | null | undefined;
};

/** A new account for a program. */
export type CreateServiceAccountInput = {
  clientMutationId?: string | null | undefined;
  /** What it is for. */
  description?: string | null | undefined;
  /** As user names are: a-z, 0-9, dot, dash, underscore and @. */
  name: string;
  role: Role;
};

/** A new template. Free text stays in the record for good: name no person in it. */
export type CreateTemplateInput = {
  arguments?: Array<TemplateArgumentInput> | null | undefined;
  /** The technique, `T1059.001`. */
  attackId: string;
  cleanup?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** What runs the procedure: `powershell`, `bash`, `manual`. */
  executor: string;
  /** What a working defence would show. */
  expectedDetection?: string | null | undefined;
  name: string;
  platforms?: Array<string> | null | undefined;
  prerequisites?: string | null | undefined;
  /** With gaps, `#{name}`, for arguments that are declared below. */
  procedure: string;
  /** Addresses of the web, `http` or `https`. */
  references?: Array<string> | null | undefined;
  severity: TemplateSeverity;
  tags?: Array<string> | null | undefined;
  tool?: string | null | undefined;
};

/** A new account. */
export type CreateUserInput = {
  clientMutationId?: string | null | undefined;
  displayName?: string | null | undefined;
  /** Where the person gets mail. */
  email?: string | null | undefined;
  /** Left out, one is generated and shown once. Either way it must be changed at the first sign-in. */
  password?: string | null | undefined;
  role: Role;
  username: string;
};

/** A webhook to be made. Its secret is generated and shown once. */
export type CreateWebhookInput = {
  clientMutationId?: string | null | undefined;
  /** The kinds it is told; none: all, and those that are yet to come. */
  events: Array<NotificationKind>;
  name: string;
  /** http or https, at an address of the open internet or one that `AEGIS_OUTBOUND_ALLOW` names. */
  url: string;
};

/** A filter to be forgotten. */
export type DeleteSavedFilterInput = {
  id: string | number;
};

/** A webhook to be deleted. */
export type DeleteWebhookInput = {
  id: string | number;
};

/** How well blue saw it. */
export type DetectionResult =
  /** Seen. */
  | 'DETECTED'
  /** Missed. */
  | 'NOT_DETECTED'
  /** Seen in part. */
  | 'PARTIALLY_DETECTED';

/** A test to be made from a template. */
export type DraftTestFromTemplateInput = {
  arguments?: Array<ArgumentValueInput> | null | undefined;
  assigneeId?: string | number | null | undefined;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  objective?: string | null | undefined;
  /** In place of the template's procedure, prerequisites and cleanup. */
  plannedProcedure?: string | null | undefined;
  plannedTool?: string | null | undefined;
  /** Where the template has several platforms, none is taken by itself. */
  platform?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  targetEnvironment?: string | null | undefined;
  templateId: string | number;
  title?: string | null | undefined;
};

/** A new test. Free text stays in the record for good: name no person in it. */
export type DraftTestInput = {
  assigneeId?: string | number | null | undefined;
  /** The technique, `T1059.001`. */
  attackId: string;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  objective?: string | null | undefined;
  /** How red is to go about it. */
  plannedProcedure?: string | null | undefined;
  plannedTool?: string | null | undefined;
  platform?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  targetEnvironment?: string | null | undefined;
  title: string;
};

/** Tests to be made from templates, at most 100. */
export type DraftTestsFromTemplatesInput = {
  clientMutationId?: string | null | undefined;
  items: Array<TemplateDraftInput>;
};

/** Other words for a comment. */
export type EditCommentInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
  text: string;
};

/** Somebody to be forgotten. */
export type EraseUserInput = {
  clientMutationId?: string | null | undefined;
  /** A deactivated account. */
  id: string | number;
  /** The user name once more: this cannot be undone. */
  username: string;
};

/** Which events; absent means any. */
export type EventFilter = {
  aggregateTypes?: Array<string> | null | undefined;
  /** Of this test, of comments on it, and of the remediations opened from it. */
  testId?: string | number | null | undefined;
};

/** A group of the identity provider and the role of its people. */
export type GroupRoleInput = {
  group: string;
  role: Role;
};

/** A file to be taken in. */
export type ImportFileInput = {
  clientMutationId?: string | null | undefined;
  /** Whether the job only tells what would change; `applyKnowledge` then puts what it read in force. */
  preview?: boolean | null | undefined;
  source: KnowledgeSource;
  /** What `POST /uploads` answered. */
  uploadId: string;
};

/** A new key. */
export type IssueApiKeyInput = {
  clientMutationId?: string | null | undefined;
  /** Within 366 days. */
  expiresAt: string;
  /** The service account. */
  id: string | number;
  /** What it is called: at most 100 characters. */
  label: string;
  scope: KeyScope;
};

/** How a job stands. */
export type JobState =
  /** Somebody stopped it. */
  | 'CANCELLED'
  /** It could not be done. */
  | 'FAILED'
  /** Waiting for a worker. */
  | 'QUEUED'
  /** A worker is at it. */
  | 'RUNNING'
  /** Done. */
  | 'SUCCEEDED';

/** What a key may be used for, within the role of its account. */
export type KeyScope =
  /** Queries, subscriptions and downloads. */
  | 'READ'
  /** Everything its account's role allows. */
  | 'WRITE';

/** A source whose content Aegis can take in. */
export type KnowledgeSource =
  /** Atomic Red Team: tests of single techniques. */
  | 'ATOMIC_RED_TEAM'
  /** MITRE ATT&CK Enterprise, as a STIX bundle. */
  | 'ATTACK_ENTERPRISE'
  /** MITRE ATT&CK ICS, as a STIX bundle. */
  | 'ATTACK_ICS'
  /** MITRE ATT&CK Mobile, as a STIX bundle. */
  | 'ATTACK_MOBILE'
  /** The abilities and adversaries of CALDERA. */
  | 'CALDERA_STOCKPILE'
  /** CIS Controls v8 with their mapping to ATT&CK, as a spreadsheet. */
  | 'CIS_CONTROLS'
  /** The older mappings of NIST SP 800-53 to ATT&CK, in STIX. */
  | 'CONTROL_MAPPINGS'
  /** MITRE D3FEND: defensive techniques. */
  | 'D_3FEND'
  /** The detection rules of Elastic. */
  | 'ELASTIC'
  /** The adversary emulation plans of the Center for Threat-Informed Defense. */
  | 'EMULATION_LIBRARY'
  /** GTFOBins: what programs of Unix can be used for. */
  | 'GTFOBINS'
  /** LOLBAS: what programs of Windows can be used for. */
  | 'LOLBAS'
  /** Mappings of many frameworks to ATT&CK: Mappings Explorer. */
  | 'MAPPINGS_EXPLORER'
  /** NIST SP 800-53, its catalogue and baselines in OSCAL. */
  | 'NIST_800_53'
  /** The detection rules of SigmaHQ. */
  | 'SIGMA';

/** What to sign in with. */
export type LoginInput = {
  /** A one-time password of six digits or a recovery code, where the account has a second factor. */
  code?: string | null | undefined;
  password: string;
  username: string;
};

/** How somebody wants to hear by mail. */
export type MailPreference =
  /** As it happens; what happens within five seconds comes together. */
  | 'AT_ONCE'
  /** Together with the rest of the day, at seven in the morning of the own time zone. */
  | 'DAILY_DIGEST'
  /** Not at all. */
  | 'OFF';

/** All to be marked as read. */
export type MarkAllNotificationsReadInput = {
  /** The newest one that was seen: what came after it stays unread. Left out, all are marked. */
  upTo?: string | number | null | undefined;
};

/** One to be marked as read. */
export type MarkNotificationReadInput = {
  id: string | number;
};

/** What becomes of runs that nobody recorded when they were due. */
export type MissedRuns =
  /** Each is made, late. */
  | 'CREATE_ALL'
  /** The latest is made, those before it are recorded as skipped. */
  | 'LATEST_ONLY';

/** A test that goes up or down the list of a draft. */
export type MoveCampaignTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  /** Its place in the list from now on, counted from 1. */
  place: number;
  testId: string | number;
};

/** A test to be taken in. */
export type NewCampaignTestInput = {
  /** The tests of the campaign that must be validated before it may start, 20 at most. */
  dependsOn?: Array<string | number> | null | undefined;
  /** Its place; after all others if left out. */
  order?: number | null | undefined;
  /** The part of the campaign it belongs to. */
  phase?: string | null | undefined;
  testId: string | number;
};

/** What people can be told. */
export type NotificationKind =
  /** A campaign began. */
  | 'CAMPAIGN_ACTIVATED'
  /** A campaign ended. */
  | 'CAMPAIGN_COMPLETED'
  /** A schedule made a campaign. */
  | 'CAMPAIGN_RUN_CREATED'
  /** A comment mentions you. */
  | 'COMMENT_MENTION'
  /** Somebody commented on what you have to do with. */
  | 'COMMENT_POSTED'
  /** A job failed. */
  | 'JOB_FAILED'
  /** A remediation was given to you. */
  | 'REMEDIATION_ASSIGNED'
  /** Something is in the way of a remediation. */
  | 'REMEDIATION_BLOCKED'
  /** A remediation is to be worked on again: it was reopened, its retest failed, or its accepted risk has ended. */
  | 'REMEDIATION_REOPENED'
  /** The retest of a remediation was detected. */
  | 'REMEDIATION_VERIFIED'
  /** A remediated test is to be tested again. */
  | 'RETEST_DRAFTED'
  /** An import is finished. */
  | 'SYNC_FINISHED'
  /** A test was given to you. */
  | 'TEST_ASSIGNED'
  /** The leads disagree about a test. */
  | 'TEST_DISPUTED'
  /** A test waits for the votes of both leads. */
  | 'TEST_IN_REVIEW'
  /** A side of a test was rejected. */
  | 'TEST_REJECTED'
  /** A rejected test started again. */
  | 'TEST_REOPENED'
  /** Red handed a test over to blue. */
  | 'TEST_TO_EVALUATE'
  /** Both sides of a test were approved. */
  | 'TEST_VALIDATED';

/** How to be told of a kind; what is left out stays. */
export type NotificationPreferenceInput = {
  inApp?: boolean | null | undefined;
  kind: NotificationKind;
  mail?: MailPreference | null | undefined;
};

/** What notifications are about. */
export type NotificationSubjectKind =
  /** A campaign. */
  | 'CAMPAIGN'
  /** A job. */
  | 'JOB'
  /** A remediation. */
  | 'REMEDIATION'
  /** A test. */
  | 'TEST';

/** A new remediation of a validated test that was not fully detected. Free text stays in the record for good. */
export type OpenRemediationInput = {
  assigneeId?: string | number | null | undefined;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  priority?: RemediationPriority;
  tags?: Array<string> | null | undefined;
  testId: string | number;
  title: string;
};

/** A side that stops its clock. */
export type PauseWorkInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** A new comment. What it says stays in the record for good, also when it is taken back. */
export type PostCommentInput = {
  clientMutationId?: string | null | undefined;
  /** A test, a campaign or a remediation. */
  subjectId: string | number;
  /** At most 5,000 characters; `@name` mentions somebody. */
  text: string;
};

/** What red did. Free text stays in the record for good. */
export type RecordAttackInput = {
  clientMutationId?: string | null | undefined;
  endedAt?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  procedure: string;
  /** With its zone, to the second. */
  startedAt: string;
  success: boolean;
  summary: string;
  tool?: string | null | undefined;
};

/** What blue saw. Free text stays in the record for good. */
export type RecordDetectionInput = {
  alertedAt?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  /** Why times before the attack are right all the same. */
  clockSkewNote?: string | null | undefined;
  containedAt?: string | null | undefined;
  containmentResult?: ContainmentResult | null | undefined;
  /** With its zone, to the second. */
  detectedAt?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  result: DetectionResult;
  summary: string;
};

/** A step that is open to somebody. */
export type RemediationAction =
  /** `acceptRisk`. */
  | 'ACCEPT_RISK'
  /** `addRemediationStep`. */
  | 'ADD_STEP'
  /** `assignRemediation`. */
  | 'ASSIGN'
  /** `blockRemediation`. */
  | 'BLOCK'
  /** `updateRemediationStep`, `completeRemediationStep`, `removeRemediationStep`. */
  | 'CHANGE_STEPS'
  /** `completeRemediation`. */
  | 'COMPLETE'
  /** `reopenRemediation`. */
  | 'REOPEN'
  /** `updateRemediation`. */
  | 'REVISE'
  /** `startRemediation`. */
  | 'START'
  /** `unblockRemediation`. */
  | 'UNBLOCK';

/** Which remediations a list is about; absent means any. */
export type RemediationFilter = {
  assigneeId?: string | number | null | undefined;
  /** Of the technique it was opened on. */
  attackId?: string | null | undefined;
  /** Only those that should be done by now (days are by UTC) and are not. */
  overdue?: boolean | null | undefined;
  priorities?: Array<RemediationPriority> | null | undefined;
  /** Part of title, description or ATT&CK id; or a number, `#7`. */
  search?: string | null | undefined;
  states?: Array<RemediationState> | null | undefined;
  tag?: string | null | undefined;
  testId?: string | number | null | undefined;
};

/** How urgent it is. */
export type RemediationPriority =
  /** At once. */
  | 'CRITICAL'
  /** Soon. */
  | 'HIGH'
  /** When there is time. */
  | 'LOW'
  /** In its turn. */
  | 'MEDIUM';

/** Where a remediation stands. */
export type RemediationState =
  /** Something is in the way. */
  | 'BLOCKED'
  /** Done, and to be proven by a retest. */
  | 'COMPLETED'
  /** Somebody is. */
  | 'IN_PROGRESS'
  /** Nobody is at it. */
  | 'OPEN'
  /** Left as it is, until a day. */
  | 'RISK_ACCEPTED'
  /** A retest was detected. */
  | 'VERIFIED';

/** A test to be let go. */
export type RemoveCampaignTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  testId: string | number;
};

/** A file to be taken out of the present round. */
export type RemoveEvidenceInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** A step that goes. */
export type RemoveRemediationStepInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  stepId: string;
};

/** A code that shows who asks. */
export type RemoveSecondFactorInput = {
  clientMutationId?: string | null | undefined;
  code: string;
};

/** A code that shows who asks. */
export type RenewRecoveryCodesInput = {
  code: string;
};

/** A remediation that starts again. */
export type ReopenRemediationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** A rejected test that starts again. */
export type ReopenTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** A delivery to be made once more. */
export type ReplayWebhookDeliveryInput = {
  id: string | number;
};

/** A file to come. Its name and caption stay in the record for good: name no person in them. */
export type RequestEvidenceUploadInput = {
  /** What it shows. */
  caption?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  /** Says its kind; made harmless by the server. */
  fileName: string;
  /** SHA-256 of its bytes, hex. */
  sha256: string;
  side: Side;
  /** At most 52,428,800 (50 MB). */
  sizeBytes: number;
  testId: string | number;
};

/** Somebody who has lost their second factor. */
export type ResetSecondFactorInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** An account that needs a new password. */
export type ResetUserPasswordInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** A state of a source to go back to. */
export type RestoreKnowledgeInput = {
  clientMutationId?: string | null | undefined;
  /** The digest of a release that was in force. */
  digest: string;
  source: KnowledgeSource;
};

/** A test to be taken out again. */
export type RestoreTestInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A side that goes on. */
export type ResumeWorkInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A template that goes out of use for good. */
export type RetireTemplateInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  reason: string;
};

/** A comment to be taken back. */
export type RetractCommentInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** A job to be tried again. */
export type RetryJobInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** Changes of a test; what is left out stays, null clears. */
export type ReviseTestInput = {
  assigneeId?: string | number | null | undefined;
  attackId?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  objective?: string | null | undefined;
  plannedProcedure?: string | null | undefined;
  plannedTool?: string | null | undefined;
  platform?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  targetEnvironment?: string | null | undefined;
  title?: string | null | undefined;
};

/** A key to be ended before its time. */
export type RevokeApiKeyInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** A session to be ended. */
export type RevokeSessionInput = {
  id: string | number;
};

/** Somebody to be signed out everywhere. */
export type RevokeSessionsInput = {
  /** Whose; left out, one's own but the session of this request. */
  userId?: string | number | null | undefined;
};

/** What an account may do. */
export type Role =
  /** Everything. */
  | 'ADMIN'
  /** Runs the blue team. */
  | 'BLUE_LEAD'
  /** Detects. */
  | 'BLUE_TECH'
  /** Runs the red team. */
  | 'RED_LEAD'
  /** Attacks. */
  | 'RED_TECH'
  /** Reads. */
  | 'VIEWER';

/** How a test did in the second run against the first. */
export type RunChange =
  /** Seen better. */
  | 'BETTER'
  /** Only the first run has it. */
  | 'GONE'
  /** Only the second run has it. */
  | 'NEW'
  /** Not validated in both runs. */
  | 'OPEN'
  /** As well as before. */
  | 'SAME'
  /** Seen less well. */
  | 'WORSE';

/** A filter to be kept; one of the same page and name is replaced. */
export type SaveFilterInput = {
  name: string;
  page: string;
  query: string;
};

/** When a campaign runs again. Only runs due after now count. */
export type ScheduleCampaignInput = {
  clientMutationId?: string | null | undefined;
  every: ScheduleEvery;
  expectedVersion?: number | null | undefined;
  /** The first due time on the wall clock of the zone, `2026-01-31T09:00`; all others are counted from it. */
  first: string;
  id: string | number;
  /** `CREATE_ALL` if left out. */
  missed?: MissedRuns | null | undefined;
  /** By its IANA name, `Europe/Berlin`. */
  timeZone: string;
  /** The last day, `YYYY-MM-DD`; without end if left out. */
  until?: string | null | undefined;
};

/** How often a campaign runs again. */
export type ScheduleEvery =
  /** Every month; on the last day of one that is too short. */
  | 'MONTHLY'
  /** Every three months. */
  | 'QUARTERLY'
  /** Every seven days. */
  | 'WEEKLY';

/** Who shall get in and how; what is left out stays as it is. */
export type SetAccessPolicyInput = {
  clientMutationId?: string | null | undefined;
  /** Null turns away whoever is in none of the groups. */
  defaultRole?: Role | null | undefined;
  /** At most 100, in the order in which they decide. */
  groups?: Array<GroupRoleInput> | null | undefined;
  reason: string;
  secondFactorRoles?: Array<Role> | null | undefined;
  singleSignOnOnly?: boolean | null | undefined;
};

/** How to be told of some kinds; the others stay. */
export type SetNotificationPreferencesInput = {
  /** Each kind at most once. */
  preferences: Array<NotificationPreferenceInput>;
};

/** What reviews shall be held to; what is left out stays as it is. */
export type SetReviewPolicyInput = {
  clientMutationId?: string | null | undefined;
  disputes?: boolean | null | undefined;
  noSelfApproval?: boolean | null | undefined;
  reason: string;
  separateSides?: boolean | null | undefined;
};

/** Templates to be switched on or off together, at most 100. */
export type SetTemplatesActiveInput = {
  active: boolean;
  clientMutationId?: string | null | undefined;
  ids: Array<string | number>;
};

/** An account to be closed or opened again. */
export type SetUserActiveInput = {
  clientMutationId?: string | null | undefined;
  id: string | number;
};

/** A side of a round. */
export type Side =
  /** The defenders. */
  | 'BLUE'
  /** The attackers. */
  | 'RED';

/** How somebody signed in. */
export type SignInMeans =
  /** By a password, and a code where that is asked for. */
  | 'PASSWORD'
  /** By what the identity provider says. */
  | 'SINGLE_SIGN_ON';

/** What kind of software. */
export type SoftwareKind =
  /** Made to harm. */
  | 'MALWARE'
  /** Made for other ends. */
  | 'TOOL';

/** A test that blue takes up. */
export type StartEvaluationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A test whose execution begins. */
export type StartExecutionInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A remediation that somebody begins. */
export type StartRemediationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** How far a step is. */
export type StepStatus =
  /** Begun. */
  | 'DOING'
  /** Done. */
  | 'DONE'
  /** Not begun. */
  | 'TODO';

/** A test that goes to the leads. */
export type SubmitEvaluationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A test that goes to blue. */
export type SubmitExecutionInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** Every source that is switched on and has an address to be fetched. */
export type SyncAllDataSourcesInput = {
  clientMutationId?: string | null | undefined;
};

/** A source to be fetched. */
export type SyncDataSourceInput = {
  clientMutationId?: string | null | undefined;
  /** Whether the job only tells what would change; `applyKnowledge` then puts what it read in force. */
  preview?: boolean | null | undefined;
  source: KnowledgeSource;
};

/** Whether a technique still counts. */
export type TechniqueLifecycle =
  /** In force. */
  | 'ACTIVE'
  /** Withdrawn. */
  | 'DEPRECATED'
  /** Replaced. */
  | 'REVOKED';

/** A gap in the texts of a template. */
export type TemplateArgumentInput = {
  /** What stands in the gap where nobody says otherwise. */
  default?: string | null | undefined;
  description?: string | null | undefined;
  kind?: ArgumentKind;
  /** Letters, digits, `_`, `.` and `-`. */
  name: string;
};

/** A test to be made from a template: what is left out, the template says. */
export type TemplateDraftInput = {
  arguments?: Array<ArgumentValueInput> | null | undefined;
  assigneeId?: string | number | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  objective?: string | null | undefined;
  /** In place of the template's procedure, prerequisites and cleanup. */
  plannedProcedure?: string | null | undefined;
  plannedTool?: string | null | undefined;
  /** Where the template has several platforms, none is taken by itself. */
  platform?: string | null | undefined;
  tags?: Array<string> | null | undefined;
  targetEnvironment?: string | null | undefined;
  templateId: string | number;
  title?: string | null | undefined;
};

/** How much harm the behaviour does where nobody stops it. */
export type TemplateSeverity =
  /** As much as can be. */
  | 'CRITICAL'
  /** Much. */
  | 'HIGH'
  /** Little. */
  | 'LOW'
  /** Some. */
  | 'MEDIUM';

/** A step that is open to somebody. */
export type TestAction =
  /** `requestEvidenceUpload` for the blue side. */
  | 'ADD_BLUE_EVIDENCE'
  /** `requestEvidenceUpload` for the red side. */
  | 'ADD_RED_EVIDENCE'
  /** `archiveTest`. */
  | 'ARCHIVE'
  /** `classifyTest`. */
  | 'CLASSIFY'
  /** `pauseWork`. */
  | 'PAUSE_WORK'
  /** `recordAttack`. */
  | 'RECORD_ATTACK'
  /** `recordDetection`. */
  | 'RECORD_DETECTION'
  /** `reopenTest`. */
  | 'REOPEN'
  /** `restoreTest`. */
  | 'RESTORE'
  /** `resumeWork`. */
  | 'RESUME_WORK'
  /** `reviseTest`. */
  | 'REVISE'
  /** `startEvaluation`. */
  | 'START_EVALUATION'
  /** `startExecution`. */
  | 'START_EXECUTION'
  /** `submitEvaluation`. */
  | 'SUBMIT_EVALUATION'
  /** `submitExecution`. */
  | 'SUBMIT_EXECUTION'
  /** `castVote` for the blue side. */
  | 'VOTE_BLUE'
  /** `castVote` for the red side. */
  | 'VOTE_RED';

/** Which tests a list is about; absent means any. */
export type TestFilter = {
  /** Those that were put away, instead of all others. */
  archived?: boolean | null | undefined;
  assigneeId?: string | number | null | undefined;
  /** Of the technique it was drafted on. */
  attackId?: string | null | undefined;
  /**
   * Only tests that wait for something the signed-in person's role does, or whose approval by this
   * person the other lead disputes.
   */
  awaitingMe?: boolean | null | undefined;
  classification?: Classification | null | undefined;
  createdById?: string | number | null | undefined;
  /** Past their due date (UTC) and not validated. */
  overdue?: boolean | null | undefined;
  /** The retests of this test. */
  retestOfId?: string | number | null | undefined;
  /** Part of title, description or ATT&CK id; or a number, `#42`. */
  search?: string | null | undefined;
  states?: Array<TestState> | null | undefined;
  tag?: string | null | undefined;
  /** Those made from this template. */
  templateId?: string | number | null | undefined;
};

/** Where a test stands. */
export type TestState =
  /** Blue evaluates. */
  | 'BLUE_EVALUATING'
  /** Approved by one, rejected by the other: either may change the own vote. */
  | 'DISPUTED'
  /** Written down. */
  | 'DRAFT'
  /** Both leads judge. */
  | 'IN_REVIEW'
  /** Red attacks. */
  | 'RED_EXECUTING'
  /** Rejected by one. */
  | 'REJECTED'
  /** Approved by both; final. */
  | 'VALIDATED';

/** Which templates a list is about; absent means any. */
export type TestTemplateFilter = {
  active?: boolean | null | undefined;
  /** Of the technique they were written for. */
  attackId?: string | null | undefined;
  /** Retired ones too. */
  includeRetired?: boolean | null | undefined;
  platform?: string | null | undefined;
  /** Part of name, description, procedure or ATT&CK id. */
  search?: string | null | undefined;
  severities?: Array<TemplateSeverity> | null | undefined;
  sources?: Array<string> | null | undefined;
  tag?: string | null | undefined;
};

/** A webhook to be tried. */
export type TestWebhookInput = {
  id: string | number;
};

/** How the interface looks. */
export type Theme =
  /** Light on dark. */
  | 'DARK'
  /** Dark on light. */
  | 'LIGHT';

/** A remediation that can go on. */
export type UnblockRemediationInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** A campaign whose schedule ends. */
export type UnscheduleCampaignInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
};

/** Changes of a campaign; what is left out stays, null clears. */
export type UpdateCampaignInput = {
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** The last day, `YYYY-MM-DD`. */
  endDate?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  kind?: CampaignKind | null | undefined;
  name?: string | null | undefined;
  objective?: string | null | undefined;
  ownerId?: string | number | null | undefined;
  /** The first day, `YYYY-MM-DD`. */
  startDate?: string | null | undefined;
  tags?: Array<string> | null | undefined;
};

/** Another place of a test; what is left out stays, null clears. */
export type UpdateCampaignTestInput = {
  clientMutationId?: string | null | undefined;
  /** All it waits for anew. */
  dependsOn?: Array<string | number> | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  order?: number | null | undefined;
  phase?: string | null | undefined;
  testId: string | number;
};

/** What shall change of one's own profile; what is left out stays, null takes it away. */
export type UpdateProfileInput = {
  displayName?: string | null | undefined;
  email?: string | null | undefined;
  /** Null follows the system. */
  theme?: Theme | null | undefined;
  /** IANA name, `Europe/Berlin`. */
  timeZone?: string | null | undefined;
};

/** Changes of a remediation; what is left out stays, null clears. */
export type UpdateRemediationInput = {
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  /** `YYYY-MM-DD`. */
  dueDate?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  priority?: RemediationPriority | null | undefined;
  tags?: Array<string> | null | undefined;
  title?: string | null | undefined;
};

/** Changes of a step; what is left out stays, null clears. */
export type UpdateRemediationStepInput = {
  clientMutationId?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  notes?: string | null | undefined;
  ownerId?: string | number | null | undefined;
  status?: StepStatus | null | undefined;
  stepId: string;
  title?: string | null | undefined;
};

/** Changes of a template, as a new version; what is left out stays, null clears. */
export type UpdateTemplateInput = {
  arguments?: Array<TemplateArgumentInput> | null | undefined;
  attackId?: string | null | undefined;
  cleanup?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  description?: string | null | undefined;
  executor?: string | null | undefined;
  expectedDetection?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  id: string | number;
  name?: string | null | undefined;
  platforms?: Array<string> | null | undefined;
  prerequisites?: string | null | undefined;
  procedure?: string | null | undefined;
  references?: Array<string> | null | undefined;
  severity?: TemplateSeverity | null | undefined;
  tags?: Array<string> | null | undefined;
  tool?: string | null | undefined;
};

/** Changes of an account; what is left out stays. */
export type UpdateUserInput = {
  clientMutationId?: string | null | undefined;
  /** Empty takes it away. */
  displayName?: string | null | undefined;
  /** Empty takes it away. */
  email?: string | null | undefined;
  id: string | number;
  role?: Role | null | undefined;
};

/** Changes of a webhook; what is left out stays. */
export type UpdateWebhookInput = {
  active?: boolean | null | undefined;
  /** The kinds it is told; none: all. */
  events?: Array<NotificationKind> | null | undefined;
  id: string | number;
  name?: string | null | undefined;
  /** Whether to sign with a new secret from now on, which is shown once. */
  newSecret?: boolean | null | undefined;
  url?: string | null | undefined;
};

/** The kinds of refusal. */
export type UserErrorCode =
  /** It was decided on an older version, or the command id was used for something else. */
  | 'CONFLICT'
  /** The input is wrong whatever the state. */
  | 'INVALID_INPUT'
  /** A rule refuses it in the present state. */
  | 'INVALID_STATE';

/** A judgement. */
export type Verdict =
  /** Sound. */
  | 'APPROVED'
  /** Not sound. */
  | 'REJECTED';

/** How a delivery stands. */
export type WebhookDeliveryState =
  /** It was taken. */
  | 'DELIVERED'
  /** It was given up. */
  | 'FAILED'
  /** It waits, or is on its way. */
  | 'PENDING';

export type JobFieldsFragment = { id: string, jobId: string, kind: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, result: unknown, attempts: number, rejectCount: number, requestedAt: string, startedAt: string | null, finishedAt: string | null, cancelRequested: boolean, requestedBy: { name: string } };

export type JobQueryVariables = Exact<{
  id: string | number;
}>;


export type JobQuery = { job: { id: string, jobId: string, kind: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, result: unknown, attempts: number, rejectCount: number, requestedAt: string, startedAt: string | null, finishedAt: string | null, cancelRequested: boolean, requestedBy: { name: string } } | null };

export type JobRejectsQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type JobRejectsQuery = { job: { rejects: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ number: number, file: string | null, line: number | null, record: string, reason: string }> } } | null };

export type JobProgressSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type JobProgressSubscription = { jobProgress: { id: string, jobId: string, kind: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, result: unknown, attempts: number, rejectCount: number, requestedAt: string, startedAt: string | null, finishedAt: string | null, cancelRequested: boolean, requestedBy: { name: string } } };

export type ImportFileMutationVariables = Exact<{
  input: ImportFileInput;
}>;


export type ImportFileMutation = { importFile: { job: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CancelJobMutationVariables = Exact<{
  input: CancelJobInput;
}>;


export type CancelJobMutation = { cancelJob: { job: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RetryJobMutationVariables = Exact<{
  input: RetryJobInput;
}>;


export type RetryJobMutation = { retryJob: { job: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type PeopleQueryVariables = Exact<{ [key: string]: never; }>;


export type PeopleQuery = { people: Array<{ id: string, name: string, username: string | null, role: Role | null }> };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { me: { secondFactorRequired: boolean, expiresAt: string, permissions: Array<string>, user: { id: string, username: string, displayName: string | null, role: Role, email: string | null, timeZone: string | null, theme: Theme | null, mustChangePassword: boolean } } | null };

export type TechniqueChoicesQueryVariables = Exact<{
  search: string;
}>;


export type TechniqueChoicesQuery = { techniques: { nodes: Array<{ attackId: string, name: string, platforms: Array<string> }> } };

export type EntryPartsFragment = { id: string, at: string, source: AuditSource, action: string, outcome: AuditOutcome, summary: string, entityType: string | null, entityId: string | null, entity: string | null, address: string | null, correlation: string | null, position: number | null, keyId: string | null, detail: string | null, nameHash: string | null, actor: { id: string, name: string } | null };

export type AuditLogQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: AuditFilterInput | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { totalCount: number, totalIsExact: boolean, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, at: string, source: AuditSource, action: string, outcome: AuditOutcome, summary: string, entityType: string | null, entityId: string | null, entity: string | null, address: string | null, correlation: string | null, position: number | null, keyId: string | null, detail: string | null, nameHash: string | null, actor: { id: string, name: string } | null }> } };

export type AccountTimelineQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type AccountTimelineQuery = { accountTimeline: { totalCount: number, totalIsExact: boolean, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, at: string, source: AuditSource, action: string, outcome: AuditOutcome, summary: string, entityType: string | null, entityId: string | null, entity: string | null, address: string | null, correlation: string | null, position: number | null, keyId: string | null, detail: string | null, nameHash: string | null, actor: { id: string, name: string } | null }> } };

export type ThingQueryVariables = Exact<{
  id: string | number;
}>;


export type ThingQuery = { node:
    | { __typename: 'Campaign', number: number, name: string }
    | { __typename: 'Evidence' }
    | { __typename: 'Job', title: string }
    | { __typename: 'Remediation', number: number, title: string }
    | { __typename: 'Technique' }
    | { __typename: 'Test', number: number, title: string }
    | { __typename: 'TestTemplate', id: string, name: string }
    | { __typename: 'User', id: string, username: string, displayName: string | null, erased: boolean, service: boolean }
   | null };

export type ProgramsQueryVariables = Exact<{ [key: string]: never; }>;


export type ProgramsQuery = { serviceAccounts: { nodes: Array<{ id: string, name: string }> } };

export type CreateCampaignMutationVariables = Exact<{
  input: CreateCampaignInput;
}>;


export type CreateCampaignMutation = { createCampaign: { campaign: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateCampaignMutationVariables = Exact<{
  input: UpdateCampaignInput;
}>;


export type UpdateCampaignMutation = { updateCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ActivateCampaignMutationVariables = Exact<{
  input: ActivateCampaignInput;
}>;


export type ActivateCampaignMutation = { activateCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CompleteCampaignMutationVariables = Exact<{
  input: CompleteCampaignInput;
}>;


export type CompleteCampaignMutation = { completeCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ArchiveCampaignMutationVariables = Exact<{
  input: ArchiveCampaignInput;
}>;


export type ArchiveCampaignMutation = { archiveCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CloneCampaignMutationVariables = Exact<{
  input: CloneCampaignInput;
}>;


export type CloneCampaignMutation = { cloneCampaign: { campaign: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type AddCampaignTestMutationVariables = Exact<{
  input: AddCampaignTestInput;
}>;


export type AddCampaignTestMutation = { addCampaignTest: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateCampaignTestMutationVariables = Exact<{
  input: UpdateCampaignTestInput;
}>;


export type UpdateCampaignTestMutation = { updateCampaignTest: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type MoveCampaignTestMutationVariables = Exact<{
  input: MoveCampaignTestInput;
}>;


export type MoveCampaignTestMutation = { moveCampaignTest: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RemoveCampaignTestMutationVariables = Exact<{
  input: RemoveCampaignTestInput;
}>;


export type RemoveCampaignTestMutation = { removeCampaignTest: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ScheduleCampaignMutationVariables = Exact<{
  input: ScheduleCampaignInput;
}>;


export type ScheduleCampaignMutation = { scheduleCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UnscheduleCampaignMutationVariables = Exact<{
  input: UnscheduleCampaignInput;
}>;


export type UnscheduleCampaignMutation = { unscheduleCampaign: { campaign: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ProgressPartsFragment = { tests: number, validated: number, detected: number, partiallyDetected: number, notDetected: number, byState: Array<{ state: TestState, tests: number }> };

export type CampaignsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: CampaignFilter | null | undefined;
  asOf?: string | null | undefined;
}>;


export type CampaignsQuery = { campaigns: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, number: number, name: string, kind: CampaignKind, state: CampaignState, startDate: string | null, endDate: string | null, runDue: string | null, updatedAt: string, owner: { name: string } | null, progress: { tests: number, validated: number, detected: number, partiallyDetected: number, notDetected: number, byState: Array<{ state: TestState, tests: number }> }, schedule: { every: ScheduleEvery, nextDue: { due: string, dueAt: string } | null } | null }> } };

export type CampaignQueryVariables = Exact<{
  number: number;
  asOf?: string | null | undefined;
}>;


export type CampaignQuery = { campaign: { id: string, number: number, name: string, description: string, objective: string, kind: CampaignKind, state: CampaignState, startDate: string | null, endDate: string | null, tags: Array<string>, version: number, createdAt: string, runDue: string | null, runLate: boolean | null, availableActions: Array<CampaignAction>, createdBy: { name: string }, owner: { id: string, name: string } | null, parent: { number: number, name: string } | null, clonedFrom: { number: number, name: string } | null, progress: { tests: number, validated: number, detected: number, partiallyDetected: number, notDetected: number, byState: Array<{ state: TestState, tests: number }> }, schedule: { every: ScheduleEvery, first: string, timeZone: string, until: string | null, missed: MissedRuns, scheduledBy: { name: string }, upcoming: Array<{ due: string, dueAt: string }> } | null, tests: Array<{ order: number, phase: string | null, dependsOn: Array<{ id: string, number: number }>, test: { id: string, number: number, title: string, state: TestState, detectionResult: DetectionResult | null, draftedAttackId: string, technique: { attackId: string, name: string } | null, assignee: { name: string } | null } | null }> } | null };

export type CampaignRunsQueryVariables = Exact<{
  number: number;
  first: number;
  after?: string | null | undefined;
  asOf?: string | null | undefined;
}>;


export type CampaignRunsQuery = { campaign: { runs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ due: string, dueAt: string, late: boolean, skipped: number, recordedAt: string, campaign: { id: string, number: number, name: string, state: CampaignState, progress: { tests: number, validated: number, detected: number, partiallyDetected: number, notDetected: number, byState: Array<{ state: TestState, tests: number }> } } | null }> } } | null };

export type CampaignTimelineQueryVariables = Exact<{
  number: number;
  first: number;
  after?: string | null | undefined;
  asOf?: string | null | undefined;
}>;


export type CampaignTimelineQuery = { campaign: { timeline: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ position: number, recordedAt: string, type: string, summary: string, actor: { name: string } }> } } | null };

export type CompareCampaignRunsQueryVariables = Exact<{
  first: string | number;
  second: string | number;
  asOf?: string | null | undefined;
}>;


export type CompareCampaignRunsQuery = { compareCampaignRuns: { better: number, worse: number, same: number, new: number, gone: number, open: number, tests: Array<{ change: RunChange, source: { number: number, title: string } | null, first: { number: number, title: string, state: TestState, detectionResult: DetectionResult | null } | null, second: { number: number, title: string, state: TestState, detectionResult: DetectionResult | null } | null }> } };

export type CampaignTestChoicesQueryVariables = Exact<{
  search: string;
}>;


export type CampaignTestChoicesQuery = { tests: { nodes: Array<{ id: string, number: number, title: string, state: TestState, draftedAttackId: string }> } };

export type CampaignsOfTestQueryVariables = Exact<{
  id: string | number;
  asOf?: string | null | undefined;
}>;


export type CampaignsOfTestQuery = { test: { campaigns: Array<{ id: string, number: number, name: string, state: CampaignState }> } | null };

export type CampaignEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
}>;


export type CampaignEventsSubscription = { events: { aggregateType: string } };

export type CreateTemplateMutationVariables = Exact<{
  input: CreateTemplateInput;
}>;


export type CreateTemplateMutation = { createTemplate: { template: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateTemplateMutationVariables = Exact<{
  input: UpdateTemplateInput;
}>;


export type UpdateTemplateMutation = { updateTemplate: { template: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RetireTemplateMutationVariables = Exact<{
  input: RetireTemplateInput;
}>;


export type RetireTemplateMutation = { retireTemplate: { template: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SetTemplatesActiveMutationVariables = Exact<{
  input: SetTemplatesActiveInput;
}>;


export type SetTemplatesActiveMutation = { setTemplatesActive: { results: Array<{ id: string, template: { active: boolean, retired: boolean } | null }>, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DraftTestFromTemplateMutationVariables = Exact<{
  input: DraftTestFromTemplateInput;
}>;


export type DraftTestFromTemplateMutation = { draftTestFromTemplate: { test: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DraftTestsFromTemplatesMutationVariables = Exact<{
  input: DraftTestsFromTemplatesInput;
}>;


export type DraftTestsFromTemplatesMutation = { draftTestsFromTemplates: { results: Array<{ test: { number: number, title: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> }>, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type TestTemplatesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TestTemplateFilter | null | undefined;
  asOf?: string | null | undefined;
}>;


export type TestTemplatesQuery = { testTemplates: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, name: string, attackId: string, source: string, severity: TemplateSeverity, platforms: Array<string>, executor: string, active: boolean, retired: boolean, uses: number, technique: { attackId: string, name: string } | null, arguments: Array<{ name: string, default: string | null }> }> } };

export type TestTemplateQueryVariables = Exact<{
  id: string | number;
  asOf?: string | null | undefined;
}>;


export type TestTemplateQuery = { testTemplate: { id: string, name: string, description: string, attackId: string, source: string, sourceKey: string | null, severity: TemplateSeverity, platforms: Array<string>, executor: string, tool: string | null, procedure: string, cleanup: string, prerequisites: string, expectedDetection: string, references: Array<string>, tags: Array<string>, active: boolean, retired: boolean, retiredReason: string | null, uses: number, contentVersion: number, version: number, createdAt: string, updatedAt: string, technique: { attackId: string, name: string } | null, arguments: Array<{ name: string, description: string, kind: ArgumentKind, default: string | null }>, createdBy: { name: string } } | null };

export type TestTemplateStatsQueryVariables = Exact<{
  asOf?: string | null | undefined;
}>;


export type TestTemplateStatsQuery = { testTemplateStats: { templates: number, active: number, uses: number, bySource: Array<{ key: string, templates: number }>, byPlatform: Array<{ key: string, templates: number }> } };

export type CommentsQueryVariables = Exact<{
  subjectId: string | number;
  first: number;
  after?: string | null | undefined;
  asOf?: string | null | undefined;
}>;


export type CommentsQuery = { comments: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, text: string, postedAt: string, editedAt: string | null, author: { id: string, name: string }, mentions: Array<{ id: string, name: string }> }> } };

export type PostCommentMutationVariables = Exact<{
  input: PostCommentInput;
}>;


export type PostCommentMutation = { postComment: { comment: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type EditCommentMutationVariables = Exact<{
  input: EditCommentInput;
}>;


export type EditCommentMutation = { editComment: { comment: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RetractCommentMutationVariables = Exact<{
  input: RetractCommentInput;
}>;


export type RetractCommentMutation = { retractComment: { comment: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SavedFiltersQueryVariables = Exact<{ [key: string]: never; }>;


export type SavedFiltersQuery = { savedFilters: Array<{ id: string, page: string, name: string, query: string }> };

export type SaveFilterMutationVariables = Exact<{
  input: SaveFilterInput;
}>;


export type SaveFilterMutation = { saveFilter: { filter: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DeleteSavedFilterMutationVariables = Exact<{
  input: DeleteSavedFilterInput;
}>;


export type DeleteSavedFilterMutation = { deleteSavedFilter: { filters: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type LedgerHeadQueryVariables = Exact<{
  asOf?: string | null | undefined;
}>;


export type LedgerHeadQuery = { tests: { position: number } };

export type JobsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type JobsQuery = { jobs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, jobId: string, kind: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, result: unknown, attempts: number, rejectCount: number, requestedAt: string, startedAt: string | null, finishedAt: string | null, cancelRequested: boolean, requestedBy: { name: string } }> } };

export type ReleaseTechniquesQueryVariables = Exact<{
  asOf: string;
}>;


export type ReleaseTechniquesQuery = { attackRelease: { version: string } | null, techniques: { nodes: Array<{ attackId: string, name: string }> } };

export type HeatmapQueryVariables = Exact<{
  asOf?: string | null | undefined;
}>;


export type HeatmapQuery = { heatmap: { position: number, sealedAt: string | null, release: { version: string, source: string } | null, tactics: Array<{ attackId: string, shortName: string, name: string, coveredPercent: number | null, coverage: { total: number }, cells: Array<{ attackId: string, name: string, parentAttackId: string | null, platforms: Array<string>, status: CoverageStatus, openWork: boolean, tests: number, validatedTests: number, changedPosition: number | null, changedAt: string | null }> }> } };

export type MatrixEventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MatrixEventsSubscription = { events: { position: number, attackIds: Array<string>, type: string } };

export type NotificationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  unreadOnly: boolean;
}>;


export type NotificationsQuery = { notifications: { totalCount: number, unreadCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, kind: NotificationKind, title: string, at: string, readAt: string | null, actor: { name: string }, subject: { kind: NotificationSubjectKind, number: number | null, title: string | null } }> } };

export type UnreadNotificationsQueryVariables = Exact<{ [key: string]: never; }>;


export type UnreadNotificationsQuery = { notifications: { unreadCount: number } };

export type NotificationNewsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type NotificationNewsSubscription = { notifications: { unreadCount: number } };

export type NotificationPreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type NotificationPreferencesQuery = { notificationPreferences: { hasMailAddress: boolean, mailConfigured: boolean, kinds: Array<{ kind: NotificationKind, inApp: boolean, mail: MailPreference }> } };

export type MarkNotificationReadMutationVariables = Exact<{
  input: MarkNotificationReadInput;
}>;


export type MarkNotificationReadMutation = { markNotificationRead: { unreadCount: number | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type MarkAllNotificationsReadMutationVariables = Exact<{
  input: MarkAllNotificationsReadInput;
}>;


export type MarkAllNotificationsReadMutation = { markAllNotificationsRead: { unreadCount: number | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SetNotificationPreferencesMutationVariables = Exact<{
  input: SetNotificationPreferencesInput;
}>;


export type SetNotificationPreferencesMutation = { setNotificationPreferences: { preferences: { hasMailAddress: boolean } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type AccessPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type AccessPolicyQuery = { accessPolicy: { secondFactorRoles: Array<Role>, defaultRole: Role | null, singleSignOnOnly: boolean, groups: Array<{ group: string, role: Role }> } };

export type AccessPolicyTimelineQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type AccessPolicyTimelineQuery = { accessPolicy: { timeline: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ position: number, recordedAt: string, type: string, summary: string, payload: unknown, actor: { name: string } }> } } };

export type SetAccessPolicyMutationVariables = Exact<{
  input: SetAccessPolicyInput;
}>;


export type SetAccessPolicyMutation = { setAccessPolicy: { policy: { singleSignOnOnly: boolean } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReviewPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type ReviewPolicyQuery = { reviewPolicy: { separateSides: boolean, noSelfApproval: boolean, disputes: boolean } };

export type ReviewPolicyTimelineQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ReviewPolicyTimelineQuery = { reviewPolicy: { timeline: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ position: number, recordedAt: string, type: string, summary: string, payload: unknown, actor: { name: string } }> } } };

export type SetReviewPolicyMutationVariables = Exact<{
  input: SetReviewPolicyInput;
}>;


export type SetReviewPolicyMutation = { setReviewPolicy: { policy: { disputes: boolean } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type OpenRemediationMutationVariables = Exact<{
  input: OpenRemediationInput;
}>;


export type OpenRemediationMutation = { openRemediation: { remediation: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type StartRemediationMutationVariables = Exact<{
  input: StartRemediationInput;
}>;


export type StartRemediationMutation = { startRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type BlockRemediationMutationVariables = Exact<{
  input: BlockRemediationInput;
}>;


export type BlockRemediationMutation = { blockRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UnblockRemediationMutationVariables = Exact<{
  input: UnblockRemediationInput;
}>;


export type UnblockRemediationMutation = { unblockRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CompleteRemediationMutationVariables = Exact<{
  input: CompleteRemediationInput;
}>;


export type CompleteRemediationMutation = { completeRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReopenRemediationMutationVariables = Exact<{
  input: ReopenRemediationInput;
}>;


export type ReopenRemediationMutation = { reopenRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type AcceptRiskMutationVariables = Exact<{
  input: AcceptRiskInput;
}>;


export type AcceptRiskMutation = { acceptRisk: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type AssignRemediationMutationVariables = Exact<{
  input: AssignRemediationInput;
}>;


export type AssignRemediationMutation = { assignRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateRemediationMutationVariables = Exact<{
  input: UpdateRemediationInput;
}>;


export type UpdateRemediationMutation = { updateRemediation: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type AddRemediationStepMutationVariables = Exact<{
  input: AddRemediationStepInput;
}>;


export type AddRemediationStepMutation = { addRemediationStep: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateRemediationStepMutationVariables = Exact<{
  input: UpdateRemediationStepInput;
}>;


export type UpdateRemediationStepMutation = { updateRemediationStep: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CompleteRemediationStepMutationVariables = Exact<{
  input: CompleteRemediationStepInput;
}>;


export type CompleteRemediationStepMutation = { completeRemediationStep: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RemoveRemediationStepMutationVariables = Exact<{
  input: RemoveRemediationStepInput;
}>;


export type RemoveRemediationStepMutation = { removeRemediationStep: { remediation: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RemediationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: RemediationFilter | null | undefined;
  asOf?: string | null | undefined;
}>;


export type RemediationsQuery = { remediations: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, number: number, title: string, state: RemediationState, priority: RemediationPriority, dueDate: string | null, overdue: boolean, attackId: string, blockedReason: string | null, riskExpiresOn: string | null, updatedAt: string, steps: Array<{ status: StepStatus }>, assignee: { name: string } | null }> } };

export type RemediationQueryVariables = Exact<{
  number: number;
  asOf?: string | null | undefined;
}>;


export type RemediationQuery = { remediation: { id: string, number: number, title: string, description: string, state: RemediationState, priority: RemediationPriority, dueDate: string | null, overdue: boolean, tags: Array<string>, attackId: string, detectionResult: DetectionResult, blockedReason: string | null, reopenReason: string | null, completionNotes: string | null, completedAt: string | null, completions: number, riskReason: string | null, riskExpiresOn: string | null, verifiedAt: string | null, openedAt: string, version: number, availableActions: Array<RemediationAction>, technique: { attackId: string, name: string, coverage: { status: CoverageStatus } } | null, assignee: { id: string, name: string } | null, openedBy: { name: string }, steps: Array<{ stepId: string, title: string, notes: string, status: StepStatus, owner: { id: string, name: string } | null }>, test: { number: number, title: string, detectionResult: DetectionResult | null } | null, retests: Array<{ completion: number, number: number | null, notCreatedBecause: string | null, detectionResult: DetectionResult | null, recordedAt: string, test: { number: number, title: string, state: TestState } | null }> } | null };

export type RemediationTimelineQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
  asOf?: string | null | undefined;
}>;


export type RemediationTimelineQuery = { remediation: { timeline: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ position: number, recordedAt: string, type: string, summary: string, actor: { name: string } }> } } | null };

export type TestChainQueryVariables = Exact<{
  id: string | number;
  asOf?: string | null | undefined;
}>;


export type TestChainQuery = { test: { retestNumber: number | null, retestOf: { number: number, title: string, detectionResult: DetectionResult | null } | null, retestFor: { number: number, title: string, state: RemediationState } | null, retests: Array<{ id: string, number: number, title: string, state: TestState, detectionResult: DetectionResult | null, retestNumber: number | null }>, remediations: Array<{ id: string, number: number, title: string, state: RemediationState, priority: RemediationPriority, assignee: { name: string } | null }> } | null };

export type RemediationEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
}>;


export type RemediationEventsSubscription = { events: { aggregateType: string } };

export type ServiceAccountsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type ServiceAccountsQuery = { serviceAccounts: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, name: string, description: string | null, role: Role, active: boolean, createdAt: string, keys: Array<{ id: string, label: string | null, scope: KeyScope, issuedAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, revokedAt: string | null, usable: boolean, issuedBy: { name: string }, revokedBy: { name: string } | null }> }> } };

export type CreateServiceAccountMutationVariables = Exact<{
  input: CreateServiceAccountInput;
}>;


export type CreateServiceAccountMutation = { createServiceAccount: { serviceAccount: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type IssueApiKeyMutationVariables = Exact<{
  input: IssueApiKeyInput;
}>;


export type IssueApiKeyMutation = { issueApiKey: { token: string | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { key: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ChangeServiceAccountMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type ChangeServiceAccountMutation = { updateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DeactivateServiceAccountMutationVariables = Exact<{
  input: SetUserActiveInput;
}>;


export type DeactivateServiceAccountMutation = { deactivateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReactivateServiceAccountMutationVariables = Exact<{
  input: SetUserActiveInput;
}>;


export type ReactivateServiceAccountMutation = { reactivateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type OpenSessionsQueryVariables = Exact<{
  userId?: string | number | null | undefined;
}>;


export type OpenSessionsQuery = { sessions: Array<{ id: string, means: SignInMeans, beganAt: string, seenAt: string, endsAt: string, address: string | null, agent: string, own: boolean }> };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { revokeSession: { sessions: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RevokeSessionsMutationVariables = Exact<{
  input: RevokeSessionsInput;
}>;


export type RevokeSessionsMutation = { revokeSessions: { sessions: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SignInOptionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SignInOptionsQuery = { signInOptions: { passwords: boolean, singleSignOn: { name: string, startUrl: string } | null } };

export type SignInMutationVariables = Exact<{
  input: LoginInput;
}>;


export type SignInMutation = { login: { secondFactorRequired: boolean, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { logout: { userErrors: Array<{ message: string }> } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SecondFactorQueryVariables = Exact<{ [key: string]: never; }>;


export type SecondFactorQuery = { secondFactor: { active: boolean, required: boolean, recoveryCodesLeft: number } };

export type BeginSecondFactorMutationVariables = Exact<{
  input: BeginSecondFactorInput;
}>;


export type BeginSecondFactorMutation = { beginSecondFactor: { secret: { secret: string, uri: string, qr: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ConfirmSecondFactorMutationVariables = Exact<{
  input: ConfirmSecondFactorInput;
}>;


export type ConfirmSecondFactorMutation = { confirmSecondFactor: { recoveryCodes: Array<string> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RemoveSecondFactorMutationVariables = Exact<{
  input: RemoveSecondFactorInput;
}>;


export type RemoveSecondFactorMutation = { removeSecondFactor: { secondFactor: { active: boolean } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RenewRecoveryCodesMutationVariables = Exact<{
  input: RenewRecoveryCodesInput;
}>;


export type RenewRecoveryCodesMutation = { renewRecoveryCodes: { recoveryCodes: Array<string> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type JumpQueryVariables = Exact<{
  search: string;
  number: number;
  byNumber: boolean;
  attackId: string;
  byId: boolean;
}>;


export type JumpQuery = { exact?: { attackId: string, name: string } | null, techniques: { nodes: Array<{ attackId: string, name: string }> }, tests?: { nodes: Array<{ number: number, title: string, state: TestState }> }, test?: { number: number, title: string, state: TestState } | null, campaigns?: { nodes: Array<{ number: number, name: string, state: CampaignState }> }, campaign?: { number: number, name: string, state: CampaignState } | null, remediations?: { nodes: Array<{ number: number, title: string, state: RemediationState }> }, remediation?: { number: number, title: string, state: RemediationState } | null, testTemplates?: { nodes: Array<{ id: string, name: string, attackId: string }> } };

export type SourcePartsFragment = { source: KnowledgeSource, key: string, title: string, isAttack: boolean, addresses: Array<string>, everyHours: number, enabled: boolean, lastSuccessAt: string | null, nextSyncAt: string | null, release: { digest: string, version: string, releasedAt: string, position: number, counts: unknown } | null, lastJob: { id: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, rejectCount: number, cancelRequested: boolean, requestedAt: string, startedAt: string | null, finishedAt: string | null } | null };

export type DataSourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type DataSourcesQuery = { dataSources: Array<{ source: KnowledgeSource, key: string, title: string, isAttack: boolean, addresses: Array<string>, everyHours: number, enabled: boolean, lastSuccessAt: string | null, nextSyncAt: string | null, release: { digest: string, version: string, releasedAt: string, position: number, counts: unknown } | null, lastJob: { id: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, rejectCount: number, cancelRequested: boolean, requestedAt: string, startedAt: string | null, finishedAt: string | null } | null }> };

export type DataSourceQueryVariables = Exact<{ [key: string]: never; }>;


export type DataSourceQuery = { dataSources: Array<{ source: KnowledgeSource, key: string, title: string, isAttack: boolean, addresses: Array<string>, everyHours: number, enabled: boolean, lastSuccessAt: string | null, nextSyncAt: string | null, releases: Array<{ digest: string, version: string, releasedAt: string, position: number, inForce: boolean }>, release: { digest: string, version: string, releasedAt: string, position: number, counts: unknown } | null, lastJob: { id: string, title: string, state: JobState, done: number, total: number | null, current: string | null, error: string | null, rejectCount: number, cancelRequested: boolean, requestedAt: string, startedAt: string | null, finishedAt: string | null } | null }> };

export type SyncDataSourceMutationVariables = Exact<{
  input: SyncDataSourceInput;
}>;


export type SyncDataSourceMutation = { syncDataSource: { job: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SyncAllDataSourcesMutationVariables = Exact<{
  input: SyncAllDataSourcesInput;
}>;


export type SyncAllDataSourcesMutation = { syncAllDataSources: { jobs: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ConfigureDataSourceMutationVariables = Exact<{
  input: ConfigureDataSourceInput;
}>;


export type ConfigureDataSourceMutation = { configureDataSource: { dataSource: { key: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ApplyKnowledgeMutationVariables = Exact<{
  input: ApplyKnowledgeInput;
}>;


export type ApplyKnowledgeMutation = { applyKnowledge: { dataSource: { key: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RestoreKnowledgeMutationVariables = Exact<{
  input: RestoreKnowledgeInput;
}>;


export type RestoreKnowledgeMutation = { restoreKnowledge: { dataSource: { key: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SystemStatusQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemStatusQuery = { systemStatus: { version: string, ledgerPosition: number, sealedAt: string | null, unsequenced: number, sealingStopped: string | null, singleDatabaseRole: boolean, projections: Array<{ name: string, position: number, lag: number, foldVersion: number, error: string | null }>, checkpoint: { size: number, rootHash: string, note: string, createdAt: string } | null }, attackRelease: { version: string, source: string, releasedAt: string, techniques: number, subTechniques: number, tactics: number, cells: number, threatActors: number, software: number, position: number } | null };

export type SystemWorkQueryVariables = Exact<{
  jobs: number;
}>;


export type SystemWorkQuery = { jobs: { nodes: Array<{ state: JobState }> }, webhooks: Array<{ active: boolean, pendingDeliveries: number, failedDeliveries: number }>, notificationPreferences: { mailConfigured: boolean } };

export type TechniqueQueryVariables = Exact<{
  attackId: string;
  asOf?: string | null | undefined;
}>;


export type TechniqueQuery = { technique: { id: string, attackId: string, name: string, description: string, isSubTechnique: boolean, platforms: Array<string>, url: string | null, lifecycle: TechniqueLifecycle, parent: { attackId: string, name: string } | null, successor: { attackId: string, name: string } | null, tactics: Array<{ attackId: string, shortName: string, name: string }>, subTechniques: Array<{ attackId: string, name: string, coverage: { status: CoverageStatus } }>, coverage: { status: CoverageStatus, openWork: boolean, tests: number, validatedTests: number, detectedTests: number, partiallyDetectedTests: number, notDetectedTests: number, openTests: number, ruleVersion: number, changedPosition: number | null, changedAt: string | null }, tests: { totalCount: number, totalIsExact: boolean, nodes: Array<{ id: string, number: number, title: string, state: TestState, detectionResult: DetectionResult | null, updatedAt: string }> }, threatActors: Array<{ attackId: string, name: string, url: string | null }>, software: Array<{ attackId: string, name: string, kind: SoftwareKind }> } | null };

export type TechniqueEventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type TechniqueEventsSubscription = { events: { attackIds: Array<string> } };

export type DraftTestMutationVariables = Exact<{
  input: DraftTestInput;
}>;


export type DraftTestMutation = { draftTest: { readModelsBehind: boolean, test: { id: string, number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReviseTestMutationVariables = Exact<{
  input: ReviseTestInput;
}>;


export type ReviseTestMutation = { reviseTest: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type StartExecutionMutationVariables = Exact<{
  input: StartExecutionInput;
}>;


export type StartExecutionMutation = { startExecution: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RecordAttackMutationVariables = Exact<{
  input: RecordAttackInput;
}>;


export type RecordAttackMutation = { recordAttack: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SubmitExecutionMutationVariables = Exact<{
  input: SubmitExecutionInput;
}>;


export type SubmitExecutionMutation = { submitExecution: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RecordDetectionMutationVariables = Exact<{
  input: RecordDetectionInput;
}>;


export type RecordDetectionMutation = { recordDetection: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SubmitEvaluationMutationVariables = Exact<{
  input: SubmitEvaluationInput;
}>;


export type SubmitEvaluationMutation = { submitEvaluation: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CastVoteMutationVariables = Exact<{
  input: CastVoteInput;
}>;


export type CastVoteMutation = { castVote: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReopenTestMutationVariables = Exact<{
  input: ReopenTestInput;
}>;


export type ReopenTestMutation = { reopenTest: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type PauseWorkMutationVariables = Exact<{
  input: PauseWorkInput;
}>;


export type PauseWorkMutation = { pauseWork: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ResumeWorkMutationVariables = Exact<{
  input: ResumeWorkInput;
}>;


export type ResumeWorkMutation = { resumeWork: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type StartEvaluationMutationVariables = Exact<{
  input: StartEvaluationInput;
}>;


export type StartEvaluationMutation = { startEvaluation: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ArchiveTestMutationVariables = Exact<{
  input: ArchiveTestInput;
}>;


export type ArchiveTestMutation = { archiveTest: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RestoreTestMutationVariables = Exact<{
  input: RestoreTestInput;
}>;


export type RestoreTestMutation = { restoreTest: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ClassifyTestMutationVariables = Exact<{
  input: ClassifyTestInput;
}>;


export type ClassifyTestMutation = { classifyTest: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type CloneTestMutationVariables = Exact<{
  input: CloneTestInput;
}>;


export type CloneTestMutation = { cloneTest: { test: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type BulkTestsMutationVariables = Exact<{
  input: BulkTestsInput;
}>;


export type BulkTestsMutation = { bulkTests: { results: Array<{ id: string, test: { number: number } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type EvidencePartsFragment = { id: string, evidenceId: string, side: Side, fileName: string, mediaType: string, sizeBytes: number, sha256: string, caption: string, addedAt: string, removedAt: string | null, removeReason: string | null, downloadUrl: string | null, addedBy: { name: string }, removedBy: { name: string } | null };

export type RequestEvidenceUploadMutationVariables = Exact<{
  input: RequestEvidenceUploadInput;
}>;


export type RequestEvidenceUploadMutation = { requestEvidenceUpload: { upload: { id: string, url: string, direct: { url: string, headers: Array<{ name: string, value: string }> } | null } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ConfirmEvidenceMutationVariables = Exact<{
  input: ConfirmEvidenceInput;
}>;


export type ConfirmEvidenceMutation = { confirmEvidence: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type RemoveEvidenceMutationVariables = Exact<{
  input: RemoveEvidenceInput;
}>;


export type RemoveEvidenceMutation = { removeEvidence: { test: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type EvidenceLinkQueryVariables = Exact<{
  id: string | number;
}>;


export type EvidenceLinkQuery = { evidence: { downloadUrl: string | null } | null };

export type TestsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TestFilter | null | undefined;
  asOf?: string | null | undefined;
}>;


export type TestsQuery = { tests: { totalCount: number, totalIsExact: boolean, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, number: number, title: string, state: TestState, round: number, tags: Array<string>, dueDate: string | null, updatedAt: string, detectionResult: DetectionResult | null, pendingVotes: Array<Side>, paused: boolean, archived: boolean, classification: Classification, draftedAttackId: string, technique: { attackId: string, name: string } | null, assignee: { name: string } | null }> } };

export type TestEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
}>;


export type TestEventsSubscription = { events: { position: number, aggregateType: string, attackIds: Array<string> } };

export type ClockPartsFragment = { startedAt: string, endedAt: string | null, netSeconds: number | null, pausedSeconds: number, pausedSince: string | null, pauses: Array<{ from: string, to: string | null, reason: string, by: { name: string } }> };

export type TestQueryVariables = Exact<{
  number: number;
  asOf?: string | null | undefined;
}>;


export type TestQuery = { test: { id: string, testId: string, number: number, title: string, description: string, objective: string, targetEnvironment: string, platform: string | null, plannedProcedure: string, plannedTool: string | null, tags: Array<string>, dueDate: string | null, state: TestState, paused: boolean, archived: boolean, archiveReason: string | null, classification: Classification, round: number, version: number, detectionResult: DetectionResult | null, createdAt: string, updatedAt: string, pendingVotes: Array<Side>, availableActions: Array<TestAction>, voteRefusal: string | null, draftedAttackId: string, copiedFrom: { number: number, title: string } | null, technique: { attackId: string, name: string, coverage: { status: CoverageStatus } } | null, draftedAgainst: { attackId: string, name: string } | null, assignee: { id: string, name: string } | null, createdBy: { id: string, name: string, role: Role | null }, rounds: Array<{ number: number, outcome: TestState | null, openedAt: string, executionStartedAt: string | null, executionSubmittedAt: string | null, evaluationSubmittedAt: string | null, decidedAt: string | null, reopenReason: string | null, evaluationStartedAt: string | null, executedBy: { id: string, name: string } | null, evaluatedBy: { id: string, name: string } | null, evaluationStartedBy: { name: string } | null, executionClock: { startedAt: string, endedAt: string | null, netSeconds: number | null, pausedSeconds: number, pausedSince: string | null, pauses: Array<{ from: string, to: string | null, reason: string, by: { name: string } }> } | null, evaluationClock: { startedAt: string, endedAt: string | null, netSeconds: number | null, pausedSeconds: number, pausedSince: string | null, pauses: Array<{ from: string, to: string | null, reason: string, by: { name: string } }> } | null, evidence: Array<{ id: string, evidenceId: string, side: Side, fileName: string, mediaType: string, sizeBytes: number, sha256: string, caption: string, addedAt: string, removedAt: string | null, removeReason: string | null, downloadUrl: string | null, addedBy: { name: string }, removedBy: { name: string } | null }>, attack: { procedure: string, tool: string | null, startedAt: string, endedAt: string | null, success: boolean, summary: string, recordedAt: string, recordedBy: { name: string } } | null, detection: { result: DetectionResult, detectedAt: string | null, alertedAt: string | null, containedAt: string | null, containmentResult: ContainmentResult | null, clockSkewNote: string | null, summary: string, recordedAt: string, recordedBy: { name: string } } | null, votes: Array<{ side: Side, verdict: Verdict, notes: string, castAt: string, position: number, superseded: boolean, voter: { id: string, name: string }, evidence: Array<{ evidenceId: string, sha256: string }> }> }> } | null };

export type TestTimelineQueryVariables = Exact<{
  number: number;
  first: number;
  after?: string | null | undefined;
  asOf?: string | null | undefined;
}>;


export type TestTimelineQuery = { test: { timeline: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ position: number, sealedAt: string, recordedAt: string, type: string, round: number | null, summary: string, actor: { name: string } }> } } | null };

export type UsersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type UsersQuery = { users: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, username: string, displayName: string | null, email: string | null, role: Role, active: boolean, erased: boolean, secondFactor: boolean, mustChangePassword: boolean, createdAt: string, lastSignInAt: string | null }> } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { generatedPassword: string | null, user: { id: string, username: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type UpdateUserMutation = { updateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DeactivateUserMutationVariables = Exact<{
  input: SetUserActiveInput;
}>;


export type DeactivateUserMutation = { deactivateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReactivateUserMutationVariables = Exact<{
  input: SetUserActiveInput;
}>;


export type ReactivateUserMutation = { reactivateUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ResetSecondFactorMutationVariables = Exact<{
  input: ResetSecondFactorInput;
}>;


export type ResetSecondFactorMutation = { resetSecondFactor: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type EraseUserMutationVariables = Exact<{
  input: EraseUserInput;
}>;


export type EraseUserMutation = { eraseUser: { user: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type SignUserOutMutationVariables = Exact<{
  input: RevokeSessionsInput;
}>;


export type SignUserOutMutation = { revokeSessions: { sessions: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ResetUserPasswordMutationVariables = Exact<{
  input: ResetUserPasswordInput;
}>;


export type ResetUserPasswordMutation = { resetUserPassword: { generatedPassword: string | null, user: { id: string, username: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type WebhookPartsFragment = { id: string, name: string, url: string, events: Array<NotificationKind>, active: boolean, createdAt: string, updatedAt: string, pendingDeliveries: number, failedDeliveries: number, lastDeliveredAt: string | null, createdBy: { name: string } };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: Array<{ id: string, name: string, url: string, events: Array<NotificationKind>, active: boolean, createdAt: string, updatedAt: string, pendingDeliveries: number, failedDeliveries: number, lastDeliveredAt: string | null, createdBy: { name: string } }> };

export type WebhookQueryVariables = Exact<{
  id: string | number;
}>;


export type WebhookQuery = { webhook: { id: string, name: string, url: string, events: Array<NotificationKind>, active: boolean, createdAt: string, updatedAt: string, pendingDeliveries: number, failedDeliveries: number, lastDeliveredAt: string | null, createdBy: { name: string } } | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { webhookDeliveries: { totalCount: number, totalIsExact: boolean, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, deliveryId: string, kind: string, position: number | null, payload: string, state: WebhookDeliveryState, attempts: number, nextAttemptAt: string | null, lastStatus: number | null, lastError: string | null, lastAttemptAt: string | null, deliveredAt: string | null, createdAt: string }> } };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string | null, webhook: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { secret: string | null, webhook: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type DeleteWebhookMutationVariables = Exact<{
  input: DeleteWebhookInput;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { webhooks: Array<{ id: string }> | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type PingWebhookMutationVariables = Exact<{
  input: TestWebhookInput;
}>;


export type PingWebhookMutation = { testWebhook: { delivery: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export type ReplayWebhookDeliveryMutationVariables = Exact<{
  input: ReplayWebhookDeliveryInput;
}>;


export type ReplayWebhookDeliveryMutation = { replayWebhookDelivery: { delivery: { id: string } | null, userErrors: Array<{ field: string | null, message: string, code: UserErrorCode }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const JobFieldsFragmentDoc = new TypedDocumentString(`
    fragment JobFields on Job {
  id
  jobId
  kind
  title
  state
  done
  total
  current
  error
  result
  attempts
  rejectCount
  requestedAt
  startedAt
  finishedAt
  cancelRequested
  requestedBy {
    name
  }
}
    `, {"fragmentName":"JobFields"}) as unknown as TypedDocumentString<JobFieldsFragment, unknown>;
export const EntryPartsFragmentDoc = new TypedDocumentString(`
    fragment EntryParts on AuditEntry {
  id
  at
  source
  action
  outcome
  summary
  entityType
  entityId
  entity
  actor {
    id
    name
  }
  address
  correlation
  position
  keyId
  detail
  nameHash
}
    `, {"fragmentName":"EntryParts"}) as unknown as TypedDocumentString<EntryPartsFragment, unknown>;
export const ProgressPartsFragmentDoc = new TypedDocumentString(`
    fragment ProgressParts on CampaignProgress {
  tests
  validated
  detected
  partiallyDetected
  notDetected
  byState {
    state
    tests
  }
}
    `, {"fragmentName":"ProgressParts"}) as unknown as TypedDocumentString<ProgressPartsFragment, unknown>;
export const SourcePartsFragmentDoc = new TypedDocumentString(`
    fragment SourceParts on DataSource {
  source
  key
  title
  isAttack
  addresses
  everyHours
  enabled
  lastSuccessAt
  nextSyncAt
  release {
    digest
    version
    releasedAt
    position
    counts
  }
  lastJob {
    id
    title
    state
    done
    total
    current
    error
    rejectCount
    cancelRequested
    requestedAt
    startedAt
    finishedAt
  }
}
    `, {"fragmentName":"SourceParts"}) as unknown as TypedDocumentString<SourcePartsFragment, unknown>;
export const EvidencePartsFragmentDoc = new TypedDocumentString(`
    fragment EvidenceParts on Evidence {
  id
  evidenceId
  side
  fileName
  mediaType
  sizeBytes
  sha256
  caption
  addedAt
  addedBy {
    name
  }
  removedAt
  removedBy {
    name
  }
  removeReason
  downloadUrl
}
    `, {"fragmentName":"EvidenceParts"}) as unknown as TypedDocumentString<EvidencePartsFragment, unknown>;
export const ClockPartsFragmentDoc = new TypedDocumentString(`
    fragment ClockParts on Clock {
  startedAt
  endedAt
  netSeconds
  pausedSeconds
  pausedSince
  pauses {
    from
    to
    reason
    by {
      name
    }
  }
}
    `, {"fragmentName":"ClockParts"}) as unknown as TypedDocumentString<ClockPartsFragment, unknown>;
export const WebhookPartsFragmentDoc = new TypedDocumentString(`
    fragment WebhookParts on Webhook {
  id
  name
  url
  events
  active
  createdAt
  createdBy {
    name
  }
  updatedAt
  pendingDeliveries
  failedDeliveries
  lastDeliveredAt
}
    `, {"fragmentName":"WebhookParts"}) as unknown as TypedDocumentString<WebhookPartsFragment, unknown>;
export const JobDocument = new TypedDocumentString(`
    query Job($id: ID!) {
  job(id: $id) {
    ...JobFields
  }
}
    fragment JobFields on Job {
  id
  jobId
  kind
  title
  state
  done
  total
  current
  error
  result
  attempts
  rejectCount
  requestedAt
  startedAt
  finishedAt
  cancelRequested
  requestedBy {
    name
  }
}`) as unknown as TypedDocumentString<JobQuery, JobQueryVariables>;
export const JobRejectsDocument = new TypedDocumentString(`
    query JobRejects($id: ID!, $first: Int!, $after: String) {
  job(id: $id) {
    rejects(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        number
        file
        line
        record
        reason
      }
    }
  }
}
    `) as unknown as TypedDocumentString<JobRejectsQuery, JobRejectsQueryVariables>;
export const JobProgressDocument = new TypedDocumentString(`
    subscription JobProgress($id: ID!) {
  jobProgress(id: $id) {
    ...JobFields
  }
}
    fragment JobFields on Job {
  id
  jobId
  kind
  title
  state
  done
  total
  current
  error
  result
  attempts
  rejectCount
  requestedAt
  startedAt
  finishedAt
  cancelRequested
  requestedBy {
    name
  }
}`) as unknown as TypedDocumentString<JobProgressSubscription, JobProgressSubscriptionVariables>;
export const ImportFileDocument = new TypedDocumentString(`
    mutation ImportFile($input: ImportFileInput!) {
  importFile(input: $input) {
    job {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ImportFileMutation, ImportFileMutationVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($input: CancelJobInput!) {
  cancelJob(input: $input) {
    job {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const RetryJobDocument = new TypedDocumentString(`
    mutation RetryJob($input: RetryJobInput!) {
  retryJob(input: $input) {
    job {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RetryJobMutation, RetryJobMutationVariables>;
export const PeopleDocument = new TypedDocumentString(`
    query People {
  people {
    id
    name
    username
    role
  }
}
    `) as unknown as TypedDocumentString<PeopleQuery, PeopleQueryVariables>;
export const SessionDocument = new TypedDocumentString(`
    query Session {
  me {
    user {
      id
      username
      displayName
      role
      email
      timeZone
      theme
      mustChangePassword
    }
    secondFactorRequired
    expiresAt
    permissions
  }
}
    `) as unknown as TypedDocumentString<SessionQuery, SessionQueryVariables>;
export const TechniqueChoicesDocument = new TypedDocumentString(`
    query TechniqueChoices($search: String!) {
  techniques(first: 12, filter: {search: $search, includeSubTechniques: true}) {
    nodes {
      attackId
      name
      platforms
    }
  }
}
    `) as unknown as TypedDocumentString<TechniqueChoicesQuery, TechniqueChoicesQueryVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($first: Int!, $after: String, $filter: AuditFilterInput) {
  auditLog(first: $first, after: $after, filter: $filter) {
    totalCount
    totalIsExact
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...EntryParts
    }
  }
}
    fragment EntryParts on AuditEntry {
  id
  at
  source
  action
  outcome
  summary
  entityType
  entityId
  entity
  actor {
    id
    name
  }
  address
  correlation
  position
  keyId
  detail
  nameHash
}`) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const AccountTimelineDocument = new TypedDocumentString(`
    query AccountTimeline($id: ID!, $first: Int!, $after: String) {
  accountTimeline(id: $id, first: $first, after: $after) {
    totalCount
    totalIsExact
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...EntryParts
    }
  }
}
    fragment EntryParts on AuditEntry {
  id
  at
  source
  action
  outcome
  summary
  entityType
  entityId
  entity
  actor {
    id
    name
  }
  address
  correlation
  position
  keyId
  detail
  nameHash
}`) as unknown as TypedDocumentString<AccountTimelineQuery, AccountTimelineQueryVariables>;
export const ThingDocument = new TypedDocumentString(`
    query Thing($id: ID!) {
  node(id: $id) {
    __typename
    ... on Test {
      number
      title
    }
    ... on Campaign {
      number
      name
    }
    ... on Remediation {
      number
      title
    }
    ... on TestTemplate {
      id
      name
    }
    ... on User {
      id
      username
      displayName
      erased
      service
    }
    ... on Job {
      title
    }
  }
}
    `) as unknown as TypedDocumentString<ThingQuery, ThingQueryVariables>;
export const ProgramsDocument = new TypedDocumentString(`
    query Programs {
  serviceAccounts(first: 100) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ProgramsQuery, ProgramsQueryVariables>;
export const CreateCampaignDocument = new TypedDocumentString(`
    mutation CreateCampaign($input: CreateCampaignInput!) {
  createCampaign(input: $input) {
    campaign {
      number
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateCampaignMutation, CreateCampaignMutationVariables>;
export const UpdateCampaignDocument = new TypedDocumentString(`
    mutation UpdateCampaign($input: UpdateCampaignInput!) {
  updateCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateCampaignMutation, UpdateCampaignMutationVariables>;
export const ActivateCampaignDocument = new TypedDocumentString(`
    mutation ActivateCampaign($input: ActivateCampaignInput!) {
  activateCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ActivateCampaignMutation, ActivateCampaignMutationVariables>;
export const CompleteCampaignDocument = new TypedDocumentString(`
    mutation CompleteCampaign($input: CompleteCampaignInput!) {
  completeCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CompleteCampaignMutation, CompleteCampaignMutationVariables>;
export const ArchiveCampaignDocument = new TypedDocumentString(`
    mutation ArchiveCampaign($input: ArchiveCampaignInput!) {
  archiveCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ArchiveCampaignMutation, ArchiveCampaignMutationVariables>;
export const CloneCampaignDocument = new TypedDocumentString(`
    mutation CloneCampaign($input: CloneCampaignInput!) {
  cloneCampaign(input: $input) {
    campaign {
      number
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CloneCampaignMutation, CloneCampaignMutationVariables>;
export const AddCampaignTestDocument = new TypedDocumentString(`
    mutation AddCampaignTest($input: AddCampaignTestInput!) {
  addCampaignTest(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<AddCampaignTestMutation, AddCampaignTestMutationVariables>;
export const UpdateCampaignTestDocument = new TypedDocumentString(`
    mutation UpdateCampaignTest($input: UpdateCampaignTestInput!) {
  updateCampaignTest(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateCampaignTestMutation, UpdateCampaignTestMutationVariables>;
export const MoveCampaignTestDocument = new TypedDocumentString(`
    mutation MoveCampaignTest($input: MoveCampaignTestInput!) {
  moveCampaignTest(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MoveCampaignTestMutation, MoveCampaignTestMutationVariables>;
export const RemoveCampaignTestDocument = new TypedDocumentString(`
    mutation RemoveCampaignTest($input: RemoveCampaignTestInput!) {
  removeCampaignTest(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveCampaignTestMutation, RemoveCampaignTestMutationVariables>;
export const ScheduleCampaignDocument = new TypedDocumentString(`
    mutation ScheduleCampaign($input: ScheduleCampaignInput!) {
  scheduleCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ScheduleCampaignMutation, ScheduleCampaignMutationVariables>;
export const UnscheduleCampaignDocument = new TypedDocumentString(`
    mutation UnscheduleCampaign($input: UnscheduleCampaignInput!) {
  unscheduleCampaign(input: $input) {
    campaign {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UnscheduleCampaignMutation, UnscheduleCampaignMutationVariables>;
export const CampaignsDocument = new TypedDocumentString(`
    query Campaigns($first: Int!, $after: String, $filter: CampaignFilter, $asOf: DateTime) {
  campaigns(first: $first, after: $after, filter: $filter, asOf: $asOf) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      number
      name
      kind
      state
      startDate
      endDate
      runDue
      owner {
        name
      }
      progress {
        ...ProgressParts
      }
      schedule {
        every
        nextDue {
          due
          dueAt
        }
      }
      updatedAt
    }
  }
}
    fragment ProgressParts on CampaignProgress {
  tests
  validated
  detected
  partiallyDetected
  notDetected
  byState {
    state
    tests
  }
}`) as unknown as TypedDocumentString<CampaignsQuery, CampaignsQueryVariables>;
export const CampaignDocument = new TypedDocumentString(`
    query Campaign($number: Int!, $asOf: DateTime) {
  campaign(number: $number, asOf: $asOf) {
    id
    number
    name
    description
    objective
    kind
    state
    startDate
    endDate
    tags
    version
    createdAt
    createdBy {
      name
    }
    owner {
      id
      name
    }
    parent {
      number
      name
    }
    clonedFrom {
      number
      name
    }
    runDue
    runLate
    availableActions
    progress {
      ...ProgressParts
    }
    schedule {
      every
      first
      timeZone
      until
      missed
      scheduledBy {
        name
      }
      upcoming {
        due
        dueAt
      }
    }
    tests {
      order
      phase
      dependsOn {
        id
        number
      }
      test {
        id
        number
        title
        state
        detectionResult
        draftedAttackId
        technique {
          attackId
          name
        }
        assignee {
          name
        }
      }
    }
  }
}
    fragment ProgressParts on CampaignProgress {
  tests
  validated
  detected
  partiallyDetected
  notDetected
  byState {
    state
    tests
  }
}`) as unknown as TypedDocumentString<CampaignQuery, CampaignQueryVariables>;
export const CampaignRunsDocument = new TypedDocumentString(`
    query CampaignRuns($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
  campaign(number: $number, asOf: $asOf) {
    runs(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        due
        dueAt
        late
        skipped
        recordedAt
        campaign {
          id
          number
          name
          state
          progress {
            ...ProgressParts
          }
        }
      }
    }
  }
}
    fragment ProgressParts on CampaignProgress {
  tests
  validated
  detected
  partiallyDetected
  notDetected
  byState {
    state
    tests
  }
}`) as unknown as TypedDocumentString<CampaignRunsQuery, CampaignRunsQueryVariables>;
export const CampaignTimelineDocument = new TypedDocumentString(`
    query CampaignTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
  campaign(number: $number, asOf: $asOf) {
    timeline(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        position
        recordedAt
        type
        summary
        actor {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignTimelineQuery, CampaignTimelineQueryVariables>;
export const CompareCampaignRunsDocument = new TypedDocumentString(`
    query CompareCampaignRuns($first: ID!, $second: ID!, $asOf: DateTime) {
  compareCampaignRuns(first: $first, second: $second, asOf: $asOf) {
    better
    worse
    same
    new
    gone
    open
    tests {
      change
      source {
        number
        title
      }
      first {
        number
        title
        state
        detectionResult
      }
      second {
        number
        title
        state
        detectionResult
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CompareCampaignRunsQuery, CompareCampaignRunsQueryVariables>;
export const CampaignTestChoicesDocument = new TypedDocumentString(`
    query CampaignTestChoices($search: String!) {
  tests(first: 30, filter: {search: $search}) {
    nodes {
      id
      number
      title
      state
      draftedAttackId
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignTestChoicesQuery, CampaignTestChoicesQueryVariables>;
export const CampaignsOfTestDocument = new TypedDocumentString(`
    query CampaignsOfTest($id: ID!, $asOf: DateTime) {
  test(id: $id, asOf: $asOf) {
    campaigns {
      id
      number
      name
      state
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignsOfTestQuery, CampaignsOfTestQueryVariables>;
export const CampaignEventsDocument = new TypedDocumentString(`
    subscription CampaignEvents($filter: EventFilter) {
  events(filter: $filter) {
    aggregateType
  }
}
    `) as unknown as TypedDocumentString<CampaignEventsSubscription, CampaignEventsSubscriptionVariables>;
export const CreateTemplateDocument = new TypedDocumentString(`
    mutation CreateTemplate($input: CreateTemplateInput!) {
  createTemplate(input: $input) {
    template {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTemplateMutation, CreateTemplateMutationVariables>;
export const UpdateTemplateDocument = new TypedDocumentString(`
    mutation UpdateTemplate($input: UpdateTemplateInput!) {
  updateTemplate(input: $input) {
    template {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateTemplateMutation, UpdateTemplateMutationVariables>;
export const RetireTemplateDocument = new TypedDocumentString(`
    mutation RetireTemplate($input: RetireTemplateInput!) {
  retireTemplate(input: $input) {
    template {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RetireTemplateMutation, RetireTemplateMutationVariables>;
export const SetTemplatesActiveDocument = new TypedDocumentString(`
    mutation SetTemplatesActive($input: SetTemplatesActiveInput!) {
  setTemplatesActive(input: $input) {
    results {
      id
      template {
        active
        retired
      }
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SetTemplatesActiveMutation, SetTemplatesActiveMutationVariables>;
export const DraftTestFromTemplateDocument = new TypedDocumentString(`
    mutation DraftTestFromTemplate($input: DraftTestFromTemplateInput!) {
  draftTestFromTemplate(input: $input) {
    test {
      number
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DraftTestFromTemplateMutation, DraftTestFromTemplateMutationVariables>;
export const DraftTestsFromTemplatesDocument = new TypedDocumentString(`
    mutation DraftTestsFromTemplates($input: DraftTestsFromTemplatesInput!) {
  draftTestsFromTemplates(input: $input) {
    results {
      test {
        number
        title
      }
      userErrors {
        field
        message
        code
      }
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DraftTestsFromTemplatesMutation, DraftTestsFromTemplatesMutationVariables>;
export const TestTemplatesDocument = new TypedDocumentString(`
    query TestTemplates($first: Int!, $after: String, $filter: TestTemplateFilter, $asOf: DateTime) {
  testTemplates(first: $first, after: $after, filter: $filter, asOf: $asOf) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      attackId
      technique {
        attackId
        name
      }
      source
      severity
      platforms
      executor
      active
      retired
      uses
      arguments {
        name
        default
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestTemplatesQuery, TestTemplatesQueryVariables>;
export const TestTemplateDocument = new TypedDocumentString(`
    query TestTemplate($id: ID!, $asOf: DateTime) {
  testTemplate(id: $id, asOf: $asOf) {
    id
    name
    description
    attackId
    technique {
      attackId
      name
    }
    source
    sourceKey
    severity
    platforms
    executor
    tool
    procedure
    cleanup
    prerequisites
    expectedDetection
    references
    tags
    arguments {
      name
      description
      kind
      default
    }
    active
    retired
    retiredReason
    uses
    contentVersion
    version
    createdAt
    createdBy {
      name
    }
    updatedAt
  }
}
    `) as unknown as TypedDocumentString<TestTemplateQuery, TestTemplateQueryVariables>;
export const TestTemplateStatsDocument = new TypedDocumentString(`
    query TestTemplateStats($asOf: DateTime) {
  testTemplateStats(asOf: $asOf) {
    templates
    active
    uses
    bySource {
      key
      templates
    }
    byPlatform {
      key
      templates
    }
  }
}
    `) as unknown as TypedDocumentString<TestTemplateStatsQuery, TestTemplateStatsQueryVariables>;
export const CommentsDocument = new TypedDocumentString(`
    query Comments($subjectId: ID!, $first: Int!, $after: String, $asOf: DateTime) {
  comments(subjectId: $subjectId, first: $first, after: $after, asOf: $asOf) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      text
      postedAt
      editedAt
      author {
        id
        name
      }
      mentions {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CommentsQuery, CommentsQueryVariables>;
export const PostCommentDocument = new TypedDocumentString(`
    mutation PostComment($input: PostCommentInput!) {
  postComment(input: $input) {
    comment {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<PostCommentMutation, PostCommentMutationVariables>;
export const EditCommentDocument = new TypedDocumentString(`
    mutation EditComment($input: EditCommentInput!) {
  editComment(input: $input) {
    comment {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<EditCommentMutation, EditCommentMutationVariables>;
export const RetractCommentDocument = new TypedDocumentString(`
    mutation RetractComment($input: RetractCommentInput!) {
  retractComment(input: $input) {
    comment {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RetractCommentMutation, RetractCommentMutationVariables>;
export const SavedFiltersDocument = new TypedDocumentString(`
    query SavedFilters {
  savedFilters {
    id
    page
    name
    query
  }
}
    `) as unknown as TypedDocumentString<SavedFiltersQuery, SavedFiltersQueryVariables>;
export const SaveFilterDocument = new TypedDocumentString(`
    mutation SaveFilter($input: SaveFilterInput!) {
  saveFilter(input: $input) {
    filter {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SaveFilterMutation, SaveFilterMutationVariables>;
export const DeleteSavedFilterDocument = new TypedDocumentString(`
    mutation DeleteSavedFilter($input: DeleteSavedFilterInput!) {
  deleteSavedFilter(input: $input) {
    filters {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteSavedFilterMutation, DeleteSavedFilterMutationVariables>;
export const LedgerHeadDocument = new TypedDocumentString(`
    query LedgerHead($asOf: DateTime) {
  tests(first: 1, asOf: $asOf) {
    position
  }
}
    `) as unknown as TypedDocumentString<LedgerHeadQuery, LedgerHeadQueryVariables>;
export const JobsDocument = new TypedDocumentString(`
    query Jobs($first: Int!, $after: String) {
  jobs(first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...JobFields
    }
  }
}
    fragment JobFields on Job {
  id
  jobId
  kind
  title
  state
  done
  total
  current
  error
  result
  attempts
  rejectCount
  requestedAt
  startedAt
  finishedAt
  cancelRequested
  requestedBy {
    name
  }
}`) as unknown as TypedDocumentString<JobsQuery, JobsQueryVariables>;
export const ReleaseTechniquesDocument = new TypedDocumentString(`
    query ReleaseTechniques($asOf: DateTime!) {
  attackRelease(asOf: $asOf) {
    version
  }
  techniques(first: 1000, asOf: $asOf) {
    nodes {
      attackId
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ReleaseTechniquesQuery, ReleaseTechniquesQueryVariables>;
export const HeatmapDocument = new TypedDocumentString(`
    query Heatmap($asOf: DateTime) {
  heatmap(layer: COVERAGE, asOf: $asOf) {
    release {
      version
      source
    }
    tactics {
      attackId
      shortName
      name
      coveredPercent
      coverage {
        total
      }
      cells {
        attackId
        name
        parentAttackId
        platforms
        status
        openWork
        tests
        validatedTests
        changedPosition
        changedAt
      }
    }
    position
    sealedAt
  }
}
    `) as unknown as TypedDocumentString<HeatmapQuery, HeatmapQueryVariables>;
export const MatrixEventsDocument = new TypedDocumentString(`
    subscription MatrixEvents {
  events {
    position
    attackIds
    type
  }
}
    `) as unknown as TypedDocumentString<MatrixEventsSubscription, MatrixEventsSubscriptionVariables>;
export const NotificationsDocument = new TypedDocumentString(`
    query Notifications($first: Int!, $after: String, $unreadOnly: Boolean!) {
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    totalCount
    unreadCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      kind
      title
      at
      readAt
      actor {
        name
      }
      subject {
        kind
        number
        title
      }
    }
  }
}
    `) as unknown as TypedDocumentString<NotificationsQuery, NotificationsQueryVariables>;
export const UnreadNotificationsDocument = new TypedDocumentString(`
    query UnreadNotifications {
  notifications(first: 1) {
    unreadCount
  }
}
    `) as unknown as TypedDocumentString<UnreadNotificationsQuery, UnreadNotificationsQueryVariables>;
export const NotificationNewsDocument = new TypedDocumentString(`
    subscription NotificationNews {
  notifications {
    unreadCount
  }
}
    `) as unknown as TypedDocumentString<NotificationNewsSubscription, NotificationNewsSubscriptionVariables>;
export const NotificationPreferencesDocument = new TypedDocumentString(`
    query NotificationPreferences {
  notificationPreferences {
    hasMailAddress
    mailConfigured
    kinds {
      kind
      inApp
      mail
    }
  }
}
    `) as unknown as TypedDocumentString<NotificationPreferencesQuery, NotificationPreferencesQueryVariables>;
export const MarkNotificationReadDocument = new TypedDocumentString(`
    mutation MarkNotificationRead($input: MarkNotificationReadInput!) {
  markNotificationRead(input: $input) {
    unreadCount
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MarkNotificationReadMutation, MarkNotificationReadMutationVariables>;
export const MarkAllNotificationsReadDocument = new TypedDocumentString(`
    mutation MarkAllNotificationsRead($input: MarkAllNotificationsReadInput!) {
  markAllNotificationsRead(input: $input) {
    unreadCount
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables>;
export const SetNotificationPreferencesDocument = new TypedDocumentString(`
    mutation SetNotificationPreferences($input: SetNotificationPreferencesInput!) {
  setNotificationPreferences(input: $input) {
    preferences {
      hasMailAddress
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SetNotificationPreferencesMutation, SetNotificationPreferencesMutationVariables>;
export const AccessPolicyDocument = new TypedDocumentString(`
    query AccessPolicy {
  accessPolicy {
    secondFactorRoles
    groups {
      group
      role
    }
    defaultRole
    singleSignOnOnly
  }
}
    `) as unknown as TypedDocumentString<AccessPolicyQuery, AccessPolicyQueryVariables>;
export const AccessPolicyTimelineDocument = new TypedDocumentString(`
    query AccessPolicyTimeline($first: Int!, $after: String) {
  accessPolicy {
    timeline(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        position
        recordedAt
        type
        summary
        payload
        actor {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccessPolicyTimelineQuery, AccessPolicyTimelineQueryVariables>;
export const SetAccessPolicyDocument = new TypedDocumentString(`
    mutation SetAccessPolicy($input: SetAccessPolicyInput!) {
  setAccessPolicy(input: $input) {
    policy {
      singleSignOnOnly
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SetAccessPolicyMutation, SetAccessPolicyMutationVariables>;
export const ReviewPolicyDocument = new TypedDocumentString(`
    query ReviewPolicy {
  reviewPolicy {
    separateSides
    noSelfApproval
    disputes
  }
}
    `) as unknown as TypedDocumentString<ReviewPolicyQuery, ReviewPolicyQueryVariables>;
export const ReviewPolicyTimelineDocument = new TypedDocumentString(`
    query ReviewPolicyTimeline($first: Int!, $after: String) {
  reviewPolicy {
    timeline(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        position
        recordedAt
        type
        summary
        payload
        actor {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReviewPolicyTimelineQuery, ReviewPolicyTimelineQueryVariables>;
export const SetReviewPolicyDocument = new TypedDocumentString(`
    mutation SetReviewPolicy($input: SetReviewPolicyInput!) {
  setReviewPolicy(input: $input) {
    policy {
      disputes
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SetReviewPolicyMutation, SetReviewPolicyMutationVariables>;
export const OpenRemediationDocument = new TypedDocumentString(`
    mutation OpenRemediation($input: OpenRemediationInput!) {
  openRemediation(input: $input) {
    remediation {
      number
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<OpenRemediationMutation, OpenRemediationMutationVariables>;
export const StartRemediationDocument = new TypedDocumentString(`
    mutation StartRemediation($input: StartRemediationInput!) {
  startRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<StartRemediationMutation, StartRemediationMutationVariables>;
export const BlockRemediationDocument = new TypedDocumentString(`
    mutation BlockRemediation($input: BlockRemediationInput!) {
  blockRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<BlockRemediationMutation, BlockRemediationMutationVariables>;
export const UnblockRemediationDocument = new TypedDocumentString(`
    mutation UnblockRemediation($input: UnblockRemediationInput!) {
  unblockRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UnblockRemediationMutation, UnblockRemediationMutationVariables>;
export const CompleteRemediationDocument = new TypedDocumentString(`
    mutation CompleteRemediation($input: CompleteRemediationInput!) {
  completeRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CompleteRemediationMutation, CompleteRemediationMutationVariables>;
export const ReopenRemediationDocument = new TypedDocumentString(`
    mutation ReopenRemediation($input: ReopenRemediationInput!) {
  reopenRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReopenRemediationMutation, ReopenRemediationMutationVariables>;
export const AcceptRiskDocument = new TypedDocumentString(`
    mutation AcceptRisk($input: AcceptRiskInput!) {
  acceptRisk(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<AcceptRiskMutation, AcceptRiskMutationVariables>;
export const AssignRemediationDocument = new TypedDocumentString(`
    mutation AssignRemediation($input: AssignRemediationInput!) {
  assignRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<AssignRemediationMutation, AssignRemediationMutationVariables>;
export const UpdateRemediationDocument = new TypedDocumentString(`
    mutation UpdateRemediation($input: UpdateRemediationInput!) {
  updateRemediation(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateRemediationMutation, UpdateRemediationMutationVariables>;
export const AddRemediationStepDocument = new TypedDocumentString(`
    mutation AddRemediationStep($input: AddRemediationStepInput!) {
  addRemediationStep(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<AddRemediationStepMutation, AddRemediationStepMutationVariables>;
export const UpdateRemediationStepDocument = new TypedDocumentString(`
    mutation UpdateRemediationStep($input: UpdateRemediationStepInput!) {
  updateRemediationStep(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateRemediationStepMutation, UpdateRemediationStepMutationVariables>;
export const CompleteRemediationStepDocument = new TypedDocumentString(`
    mutation CompleteRemediationStep($input: CompleteRemediationStepInput!) {
  completeRemediationStep(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CompleteRemediationStepMutation, CompleteRemediationStepMutationVariables>;
export const RemoveRemediationStepDocument = new TypedDocumentString(`
    mutation RemoveRemediationStep($input: RemoveRemediationStepInput!) {
  removeRemediationStep(input: $input) {
    remediation {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveRemediationStepMutation, RemoveRemediationStepMutationVariables>;
export const RemediationsDocument = new TypedDocumentString(`
    query Remediations($first: Int!, $after: String, $filter: RemediationFilter, $asOf: DateTime) {
  remediations(first: $first, after: $after, filter: $filter, asOf: $asOf) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      number
      title
      state
      priority
      dueDate
      overdue
      attackId
      blockedReason
      riskExpiresOn
      steps {
        status
      }
      assignee {
        name
      }
      updatedAt
    }
  }
}
    `) as unknown as TypedDocumentString<RemediationsQuery, RemediationsQueryVariables>;
export const RemediationDocument = new TypedDocumentString(`
    query Remediation($number: Int!, $asOf: DateTime) {
  remediation(number: $number, asOf: $asOf) {
    id
    number
    title
    description
    state
    priority
    dueDate
    overdue
    tags
    attackId
    technique {
      attackId
      name
      coverage {
        status
      }
    }
    detectionResult
    assignee {
      id
      name
    }
    blockedReason
    reopenReason
    completionNotes
    completedAt
    completions
    riskReason
    riskExpiresOn
    verifiedAt
    openedAt
    openedBy {
      name
    }
    version
    availableActions
    steps {
      stepId
      title
      notes
      status
      owner {
        id
        name
      }
    }
    test {
      number
      title
      detectionResult
    }
    retests {
      completion
      number
      notCreatedBecause
      detectionResult
      recordedAt
      test {
        number
        title
        state
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RemediationQuery, RemediationQueryVariables>;
export const RemediationTimelineDocument = new TypedDocumentString(`
    query RemediationTimeline($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {
  remediation(id: $id, asOf: $asOf) {
    timeline(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        position
        recordedAt
        type
        summary
        actor {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RemediationTimelineQuery, RemediationTimelineQueryVariables>;
export const TestChainDocument = new TypedDocumentString(`
    query TestChain($id: ID!, $asOf: DateTime) {
  test(id: $id, asOf: $asOf) {
    retestNumber
    retestOf {
      number
      title
      detectionResult
    }
    retestFor {
      number
      title
      state
    }
    retests {
      id
      number
      title
      state
      detectionResult
      retestNumber
    }
    remediations {
      id
      number
      title
      state
      priority
      assignee {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestChainQuery, TestChainQueryVariables>;
export const RemediationEventsDocument = new TypedDocumentString(`
    subscription RemediationEvents($filter: EventFilter) {
  events(filter: $filter) {
    aggregateType
  }
}
    `) as unknown as TypedDocumentString<RemediationEventsSubscription, RemediationEventsSubscriptionVariables>;
export const ServiceAccountsDocument = new TypedDocumentString(`
    query ServiceAccounts($first: Int!, $after: String, $search: String) {
  serviceAccounts(first: $first, after: $after, search: $search) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      description
      role
      active
      createdAt
      keys {
        id
        label
        scope
        issuedAt
        issuedBy {
          name
        }
        expiresAt
        lastUsedAt
        lastUsedFrom
        revokedAt
        revokedBy {
          name
        }
        usable
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ServiceAccountsQuery, ServiceAccountsQueryVariables>;
export const CreateServiceAccountDocument = new TypedDocumentString(`
    mutation CreateServiceAccount($input: CreateServiceAccountInput!) {
  createServiceAccount(input: $input) {
    serviceAccount {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateServiceAccountMutation, CreateServiceAccountMutationVariables>;
export const IssueApiKeyDocument = new TypedDocumentString(`
    mutation IssueApiKey($input: IssueApiKeyInput!) {
  issueApiKey(input: $input) {
    token
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<IssueApiKeyMutation, IssueApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    key {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const ChangeServiceAccountDocument = new TypedDocumentString(`
    mutation ChangeServiceAccount($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ChangeServiceAccountMutation, ChangeServiceAccountMutationVariables>;
export const DeactivateServiceAccountDocument = new TypedDocumentString(`
    mutation DeactivateServiceAccount($input: SetUserActiveInput!) {
  deactivateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeactivateServiceAccountMutation, DeactivateServiceAccountMutationVariables>;
export const ReactivateServiceAccountDocument = new TypedDocumentString(`
    mutation ReactivateServiceAccount($input: SetUserActiveInput!) {
  reactivateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReactivateServiceAccountMutation, ReactivateServiceAccountMutationVariables>;
export const OpenSessionsDocument = new TypedDocumentString(`
    query OpenSessions($userId: ID) {
  sessions(userId: $userId) {
    id
    means
    beganAt
    seenAt
    endsAt
    address
    agent
    own
  }
}
    `) as unknown as TypedDocumentString<OpenSessionsQuery, OpenSessionsQueryVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    sessions {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeSessionsDocument = new TypedDocumentString(`
    mutation RevokeSessions($input: RevokeSessionsInput!) {
  revokeSessions(input: $input) {
    sessions {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionsMutation, RevokeSessionsMutationVariables>;
export const SignInOptionsDocument = new TypedDocumentString(`
    query SignInOptions {
  signInOptions {
    passwords
    singleSignOn {
      name
      startUrl
    }
  }
}
    `) as unknown as TypedDocumentString<SignInOptionsQuery, SignInOptionsQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    secondFactorRequired
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  logout {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const SecondFactorDocument = new TypedDocumentString(`
    query SecondFactor {
  secondFactor {
    active
    required
    recoveryCodesLeft
  }
}
    `) as unknown as TypedDocumentString<SecondFactorQuery, SecondFactorQueryVariables>;
export const BeginSecondFactorDocument = new TypedDocumentString(`
    mutation BeginSecondFactor($input: BeginSecondFactorInput!) {
  beginSecondFactor(input: $input) {
    secret {
      secret
      uri
      qr
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<BeginSecondFactorMutation, BeginSecondFactorMutationVariables>;
export const ConfirmSecondFactorDocument = new TypedDocumentString(`
    mutation ConfirmSecondFactor($input: ConfirmSecondFactorInput!) {
  confirmSecondFactor(input: $input) {
    recoveryCodes
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConfirmSecondFactorMutation, ConfirmSecondFactorMutationVariables>;
export const RemoveSecondFactorDocument = new TypedDocumentString(`
    mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {
  removeSecondFactor(input: $input) {
    secondFactor {
      active
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveSecondFactorMutation, RemoveSecondFactorMutationVariables>;
export const RenewRecoveryCodesDocument = new TypedDocumentString(`
    mutation RenewRecoveryCodes($input: RenewRecoveryCodesInput!) {
  renewRecoveryCodes(input: $input) {
    recoveryCodes
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RenewRecoveryCodesMutation, RenewRecoveryCodesMutationVariables>;
export const JumpDocument = new TypedDocumentString(`
    query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {
  exact: technique(attackId: $attackId) @include(if: $byId) {
    attackId
    name
  }
  techniques(first: 200, filter: {search: $search, includeSubTechniques: true}) {
    nodes {
      attackId
      name
    }
  }
  tests(first: 20, filter: {search: $search}) @skip(if: $byNumber) {
    nodes {
      number
      title
      state
    }
  }
  test(number: $number) @include(if: $byNumber) {
    number
    title
    state
  }
  campaigns(first: 20, filter: {search: $search}) @skip(if: $byNumber) {
    nodes {
      number
      name
      state
    }
  }
  campaign(number: $number) @include(if: $byNumber) {
    number
    name
    state
  }
  remediations(first: 20, filter: {search: $search}) @skip(if: $byNumber) {
    nodes {
      number
      title
      state
    }
  }
  remediation(number: $number) @include(if: $byNumber) {
    number
    title
    state
  }
  testTemplates(first: 20, filter: {search: $search}) @skip(if: $byNumber) {
    nodes {
      id
      name
      attackId
    }
  }
}
    `) as unknown as TypedDocumentString<JumpQuery, JumpQueryVariables>;
export const DataSourcesDocument = new TypedDocumentString(`
    query DataSources {
  dataSources {
    ...SourceParts
  }
}
    fragment SourceParts on DataSource {
  source
  key
  title
  isAttack
  addresses
  everyHours
  enabled
  lastSuccessAt
  nextSyncAt
  release {
    digest
    version
    releasedAt
    position
    counts
  }
  lastJob {
    id
    title
    state
    done
    total
    current
    error
    rejectCount
    cancelRequested
    requestedAt
    startedAt
    finishedAt
  }
}`) as unknown as TypedDocumentString<DataSourcesQuery, DataSourcesQueryVariables>;
export const DataSourceDocument = new TypedDocumentString(`
    query DataSource {
  dataSources {
    ...SourceParts
    releases {
      digest
      version
      releasedAt
      position
      inForce
    }
  }
}
    fragment SourceParts on DataSource {
  source
  key
  title
  isAttack
  addresses
  everyHours
  enabled
  lastSuccessAt
  nextSyncAt
  release {
    digest
    version
    releasedAt
    position
    counts
  }
  lastJob {
    id
    title
    state
    done
    total
    current
    error
    rejectCount
    cancelRequested
    requestedAt
    startedAt
    finishedAt
  }
}`) as unknown as TypedDocumentString<DataSourceQuery, DataSourceQueryVariables>;
export const SyncDataSourceDocument = new TypedDocumentString(`
    mutation SyncDataSource($input: SyncDataSourceInput!) {
  syncDataSource(input: $input) {
    job {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SyncDataSourceMutation, SyncDataSourceMutationVariables>;
export const SyncAllDataSourcesDocument = new TypedDocumentString(`
    mutation SyncAllDataSources($input: SyncAllDataSourcesInput!) {
  syncAllDataSources(input: $input) {
    jobs {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SyncAllDataSourcesMutation, SyncAllDataSourcesMutationVariables>;
export const ConfigureDataSourceDocument = new TypedDocumentString(`
    mutation ConfigureDataSource($input: ConfigureDataSourceInput!) {
  configureDataSource(input: $input) {
    dataSource {
      key
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConfigureDataSourceMutation, ConfigureDataSourceMutationVariables>;
export const ApplyKnowledgeDocument = new TypedDocumentString(`
    mutation ApplyKnowledge($input: ApplyKnowledgeInput!) {
  applyKnowledge(input: $input) {
    dataSource {
      key
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ApplyKnowledgeMutation, ApplyKnowledgeMutationVariables>;
export const RestoreKnowledgeDocument = new TypedDocumentString(`
    mutation RestoreKnowledge($input: RestoreKnowledgeInput!) {
  restoreKnowledge(input: $input) {
    dataSource {
      key
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RestoreKnowledgeMutation, RestoreKnowledgeMutationVariables>;
export const SystemStatusDocument = new TypedDocumentString(`
    query SystemStatus {
  systemStatus {
    version
    ledgerPosition
    sealedAt
    unsequenced
    sealingStopped
    singleDatabaseRole
    projections {
      name
      position
      lag
      foldVersion
      error
    }
    checkpoint {
      size
      rootHash
      note
      createdAt
    }
  }
  attackRelease {
    version
    source
    releasedAt
    techniques
    subTechniques
    tactics
    cells
    threatActors
    software
    position
  }
}
    `) as unknown as TypedDocumentString<SystemStatusQuery, SystemStatusQueryVariables>;
export const SystemWorkDocument = new TypedDocumentString(`
    query SystemWork($jobs: Int!) {
  jobs(first: $jobs) {
    nodes {
      state
    }
  }
  webhooks {
    active
    pendingDeliveries
    failedDeliveries
  }
  notificationPreferences {
    mailConfigured
  }
}
    `) as unknown as TypedDocumentString<SystemWorkQuery, SystemWorkQueryVariables>;
export const TechniqueDocument = new TypedDocumentString(`
    query Technique($attackId: String!, $asOf: DateTime) {
  technique(attackId: $attackId, asOf: $asOf) {
    id
    attackId
    name
    description
    isSubTechnique
    platforms
    url
    lifecycle
    parent {
      attackId
      name
    }
    successor {
      attackId
      name
    }
    tactics {
      attackId
      shortName
      name
    }
    subTechniques {
      attackId
      name
      coverage {
        status
      }
    }
    coverage {
      status
      openWork
      tests
      validatedTests
      detectedTests
      partiallyDetectedTests
      notDetectedTests
      openTests
      ruleVersion
      changedPosition
      changedAt
    }
    tests(first: 50) {
      totalCount
      totalIsExact
      nodes {
        id
        number
        title
        state
        detectionResult
        updatedAt
      }
    }
    threatActors {
      attackId
      name
      url
    }
    software {
      attackId
      name
      kind
    }
  }
}
    `) as unknown as TypedDocumentString<TechniqueQuery, TechniqueQueryVariables>;
export const TechniqueEventsDocument = new TypedDocumentString(`
    subscription TechniqueEvents {
  events {
    attackIds
  }
}
    `) as unknown as TypedDocumentString<TechniqueEventsSubscription, TechniqueEventsSubscriptionVariables>;
export const DraftTestDocument = new TypedDocumentString(`
    mutation DraftTest($input: DraftTestInput!) {
  draftTest(input: $input) {
    test {
      id
      number
    }
    readModelsBehind
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DraftTestMutation, DraftTestMutationVariables>;
export const ReviseTestDocument = new TypedDocumentString(`
    mutation ReviseTest($input: ReviseTestInput!) {
  reviseTest(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReviseTestMutation, ReviseTestMutationVariables>;
export const StartExecutionDocument = new TypedDocumentString(`
    mutation StartExecution($input: StartExecutionInput!) {
  startExecution(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<StartExecutionMutation, StartExecutionMutationVariables>;
export const RecordAttackDocument = new TypedDocumentString(`
    mutation RecordAttack($input: RecordAttackInput!) {
  recordAttack(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RecordAttackMutation, RecordAttackMutationVariables>;
export const SubmitExecutionDocument = new TypedDocumentString(`
    mutation SubmitExecution($input: SubmitExecutionInput!) {
  submitExecution(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SubmitExecutionMutation, SubmitExecutionMutationVariables>;
export const RecordDetectionDocument = new TypedDocumentString(`
    mutation RecordDetection($input: RecordDetectionInput!) {
  recordDetection(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RecordDetectionMutation, RecordDetectionMutationVariables>;
export const SubmitEvaluationDocument = new TypedDocumentString(`
    mutation SubmitEvaluation($input: SubmitEvaluationInput!) {
  submitEvaluation(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SubmitEvaluationMutation, SubmitEvaluationMutationVariables>;
export const CastVoteDocument = new TypedDocumentString(`
    mutation CastVote($input: CastVoteInput!) {
  castVote(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CastVoteMutation, CastVoteMutationVariables>;
export const ReopenTestDocument = new TypedDocumentString(`
    mutation ReopenTest($input: ReopenTestInput!) {
  reopenTest(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReopenTestMutation, ReopenTestMutationVariables>;
export const PauseWorkDocument = new TypedDocumentString(`
    mutation PauseWork($input: PauseWorkInput!) {
  pauseWork(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<PauseWorkMutation, PauseWorkMutationVariables>;
export const ResumeWorkDocument = new TypedDocumentString(`
    mutation ResumeWork($input: ResumeWorkInput!) {
  resumeWork(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ResumeWorkMutation, ResumeWorkMutationVariables>;
export const StartEvaluationDocument = new TypedDocumentString(`
    mutation StartEvaluation($input: StartEvaluationInput!) {
  startEvaluation(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<StartEvaluationMutation, StartEvaluationMutationVariables>;
export const ArchiveTestDocument = new TypedDocumentString(`
    mutation ArchiveTest($input: ArchiveTestInput!) {
  archiveTest(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ArchiveTestMutation, ArchiveTestMutationVariables>;
export const RestoreTestDocument = new TypedDocumentString(`
    mutation RestoreTest($input: RestoreTestInput!) {
  restoreTest(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RestoreTestMutation, RestoreTestMutationVariables>;
export const ClassifyTestDocument = new TypedDocumentString(`
    mutation ClassifyTest($input: ClassifyTestInput!) {
  classifyTest(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ClassifyTestMutation, ClassifyTestMutationVariables>;
export const CloneTestDocument = new TypedDocumentString(`
    mutation CloneTest($input: CloneTestInput!) {
  cloneTest(input: $input) {
    test {
      number
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CloneTestMutation, CloneTestMutationVariables>;
export const BulkTestsDocument = new TypedDocumentString(`
    mutation BulkTests($input: BulkTestsInput!) {
  bulkTests(input: $input) {
    results {
      id
      test {
        number
      }
      userErrors {
        field
        message
        code
      }
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<BulkTestsMutation, BulkTestsMutationVariables>;
export const RequestEvidenceUploadDocument = new TypedDocumentString(`
    mutation RequestEvidenceUpload($input: RequestEvidenceUploadInput!) {
  requestEvidenceUpload(input: $input) {
    upload {
      id
      url
      direct {
        url
        headers {
          name
          value
        }
      }
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RequestEvidenceUploadMutation, RequestEvidenceUploadMutationVariables>;
export const ConfirmEvidenceDocument = new TypedDocumentString(`
    mutation ConfirmEvidence($input: ConfirmEvidenceInput!) {
  confirmEvidence(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConfirmEvidenceMutation, ConfirmEvidenceMutationVariables>;
export const RemoveEvidenceDocument = new TypedDocumentString(`
    mutation RemoveEvidence($input: RemoveEvidenceInput!) {
  removeEvidence(input: $input) {
    test {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveEvidenceMutation, RemoveEvidenceMutationVariables>;
export const EvidenceLinkDocument = new TypedDocumentString(`
    query EvidenceLink($id: ID!) {
  evidence(id: $id) {
    downloadUrl
  }
}
    `) as unknown as TypedDocumentString<EvidenceLinkQuery, EvidenceLinkQueryVariables>;
export const TestsDocument = new TypedDocumentString(`
    query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {
  tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {
    totalCount
    totalIsExact
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      number
      title
      state
      round
      tags
      dueDate
      updatedAt
      detectionResult
      pendingVotes
      paused
      archived
      classification
      draftedAttackId
      technique {
        attackId
        name
      }
      assignee {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestsQuery, TestsQueryVariables>;
export const TestEventsDocument = new TypedDocumentString(`
    subscription TestEvents($filter: EventFilter) {
  events(filter: $filter) {
    position
    aggregateType
    attackIds
  }
}
    `) as unknown as TypedDocumentString<TestEventsSubscription, TestEventsSubscriptionVariables>;
export const TestDocument = new TypedDocumentString(`
    query Test($number: Int!, $asOf: DateTime) {
  test(number: $number, asOf: $asOf) {
    id
    testId
    number
    title
    description
    objective
    targetEnvironment
    platform
    plannedProcedure
    plannedTool
    tags
    dueDate
    state
    paused
    archived
    archiveReason
    classification
    copiedFrom {
      number
      title
    }
    round
    version
    detectionResult
    createdAt
    updatedAt
    pendingVotes
    availableActions
    voteRefusal
    draftedAttackId
    technique {
      attackId
      name
      coverage {
        status
      }
    }
    draftedAgainst {
      attackId
      name
    }
    assignee {
      id
      name
    }
    createdBy {
      id
      name
      role
    }
    rounds {
      number
      outcome
      openedAt
      executionStartedAt
      executionSubmittedAt
      evaluationSubmittedAt
      decidedAt
      reopenReason
      executedBy {
        id
        name
      }
      evaluatedBy {
        id
        name
      }
      evaluationStartedAt
      evaluationStartedBy {
        name
      }
      executionClock {
        ...ClockParts
      }
      evaluationClock {
        ...ClockParts
      }
      evidence {
        ...EvidenceParts
      }
      attack {
        procedure
        tool
        startedAt
        endedAt
        success
        summary
        recordedAt
        recordedBy {
          name
        }
      }
      detection {
        result
        detectedAt
        alertedAt
        containedAt
        containmentResult
        clockSkewNote
        summary
        recordedAt
        recordedBy {
          name
        }
      }
      votes {
        side
        verdict
        notes
        castAt
        position
        superseded
        voter {
          id
          name
        }
        evidence {
          evidenceId
          sha256
        }
      }
    }
  }
}
    fragment EvidenceParts on Evidence {
  id
  evidenceId
  side
  fileName
  mediaType
  sizeBytes
  sha256
  caption
  addedAt
  addedBy {
    name
  }
  removedAt
  removedBy {
    name
  }
  removeReason
  downloadUrl
}
fragment ClockParts on Clock {
  startedAt
  endedAt
  netSeconds
  pausedSeconds
  pausedSince
  pauses {
    from
    to
    reason
    by {
      name
    }
  }
}`) as unknown as TypedDocumentString<TestQuery, TestQueryVariables>;
export const TestTimelineDocument = new TypedDocumentString(`
    query TestTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
  test(number: $number, asOf: $asOf) {
    timeline(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        position
        sealedAt
        recordedAt
        type
        round
        summary
        actor {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TestTimelineQuery, TestTimelineQueryVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int!, $after: String, $search: String) {
  users(first: $first, after: $after, search: $search) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      username
      displayName
      email
      role
      active
      erased
      secondFactor
      mustChangePassword
      createdAt
      lastSignInAt
    }
  }
}
    `) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      id
      username
    }
    generatedPassword
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const UpdateUserDocument = new TypedDocumentString(`
    mutation UpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateUserMutation, UpdateUserMutationVariables>;
export const DeactivateUserDocument = new TypedDocumentString(`
    mutation DeactivateUser($input: SetUserActiveInput!) {
  deactivateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeactivateUserMutation, DeactivateUserMutationVariables>;
export const ReactivateUserDocument = new TypedDocumentString(`
    mutation ReactivateUser($input: SetUserActiveInput!) {
  reactivateUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReactivateUserMutation, ReactivateUserMutationVariables>;
export const ResetSecondFactorDocument = new TypedDocumentString(`
    mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
  resetSecondFactor(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ResetSecondFactorMutation, ResetSecondFactorMutationVariables>;
export const EraseUserDocument = new TypedDocumentString(`
    mutation EraseUser($input: EraseUserInput!) {
  eraseUser(input: $input) {
    user {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<EraseUserMutation, EraseUserMutationVariables>;
export const SignUserOutDocument = new TypedDocumentString(`
    mutation SignUserOut($input: RevokeSessionsInput!) {
  revokeSessions(input: $input) {
    sessions {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SignUserOutMutation, SignUserOutMutationVariables>;
export const ResetUserPasswordDocument = new TypedDocumentString(`
    mutation ResetUserPassword($input: ResetUserPasswordInput!) {
  resetUserPassword(input: $input) {
    user {
      id
      username
    }
    generatedPassword
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ResetUserPasswordMutation, ResetUserPasswordMutationVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhooks {
    ...WebhookParts
  }
}
    fragment WebhookParts on Webhook {
  id
  name
  url
  events
  active
  createdAt
  createdBy {
    name
  }
  updatedAt
  pendingDeliveries
  failedDeliveries
  lastDeliveredAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookDocument = new TypedDocumentString(`
    query Webhook($id: ID!) {
  webhook(id: $id) {
    ...WebhookParts
  }
}
    fragment WebhookParts on Webhook {
  id
  name
  url
  events
  active
  createdAt
  createdBy {
    name
  }
  updatedAt
  pendingDeliveries
  failedDeliveries
  lastDeliveredAt
}`) as unknown as TypedDocumentString<WebhookQuery, WebhookQueryVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($id: ID!, $first: Int!, $after: String) {
  webhookDeliveries(webhookId: $id, first: $first, after: $after) {
    totalCount
    totalIsExact
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      deliveryId
      kind
      position
      payload
      state
      attempts
      nextAttemptAt
      lastStatus
      lastError
      lastAttemptAt
      deliveredAt
      createdAt
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    webhook {
      id
    }
    secret
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    webhook {
      id
    }
    secret
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    webhooks {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const PingWebhookDocument = new TypedDocumentString(`
    mutation PingWebhook($input: TestWebhookInput!) {
  testWebhook(input: $input) {
    delivery {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<PingWebhookMutation, PingWebhookMutationVariables>;
export const ReplayWebhookDeliveryDocument = new TypedDocumentString(`
    mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {
  replayWebhookDelivery(input: $input) {
    delivery {
      id
    }
    userErrors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayWebhookDeliveryMutation, ReplayWebhookDeliveryMutationVariables>;