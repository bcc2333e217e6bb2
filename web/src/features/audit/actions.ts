/** What entries are called, to choose from; others can be typed. Pure. */

export interface Action {
  name: string;
  /** Where such entries stand. */
  source: "ledger" | "access log";
}

const events = [
  "TestDrafted TestRevised ExecutionStarted AttackRecorded ExecutionSubmitted EvaluationStarted DetectionRecorded",
  "EvaluationSubmitted VoteCast TestReopened WorkPaused WorkResumed EvidenceAdded EvidenceRemoved TestClassified",
  "TestArchived TestRestored RetestScheduled CommentPosted CommentEdited CommentRetracted CampaignCreated",
  "CampaignRevised CampaignTestsAdded CampaignTestRevised CampaignTestRemoved CampaignActivated CampaignCompleted",
  "CampaignArchived CampaignScheduled CampaignUnscheduled CampaignRunDue CampaignRunsSkipped RemediationOpened",
  "RemediationRevised RemediationAssigned RemediationStarted RemediationBlocked RemediationUnblocked",
  "RemediationCompleted RemediationVerified RemediationReopened StepAdded StepRevised StepRemoved StepStatusChanged",
  "RiskAccepted RiskAcceptanceExpired RetestCreated RetestNotCreated RetestFailed TemplateCreated TemplateRevised",
  "TemplateActivated TemplateDeactivated TemplateRetired AccountOpened RoleChanged AccountDeactivated",
  "AccountReactivated PasswordReset PasswordChanged SecondFactorAdded SecondFactorRemoved PersonErased",
  "ServiceAccountOpened KeyIssued KeyRevoked ReviewPolicyChanged AccessPolicyChanged ImportRequested ImportRetried",
  "SyncRequested SyncRetried SourceConfigured KnowledgeReleased SegmentClosed SegmentsCut",
].flatMap((line) => line.split(" "));

const requests = [
  "sign_in",
  "sign_out",
  "single_sign_on",
  "POST /uploads",
  "GET /evidence/{test}/{id}",
  "GET /audit/export",
];

/** Mutations: as entries where they changed nothing in the ledger or were refused. */
const mutations = [
  "acceptRisk activateCampaign addCampaignTest addRemediationStep applyKnowledge archiveCampaign archiveTest",
  "assignRemediation beginSecondFactor blockRemediation bulkTests cancelJob castVote changePassword",
  "classifyTest cloneCampaign cloneTest completeCampaign completeRemediation completeRemediationStep",
  "configureDataSource confirmEvidence confirmSecondFactor createCampaign createServiceAccount createTemplate",
  "createUser createWebhook deactivateUser deleteSavedFilter deleteWebhook draftTest draftTestFromTemplate",
  "draftTestsFromTemplates editComment eraseUser importFile issueApiKey markAllNotificationsRead",
  "markNotificationRead moveCampaignTest openRemediation pauseWork postComment reactivateUser recordAttack",
  "recordDetection removeCampaignTest removeEvidence removeRemediationStep removeSecondFactor",
  "renewRecoveryCodes reopenRemediation reopenTest replayWebhookDelivery requestEvidenceUpload",
  "resetSecondFactor resetUserPassword restoreKnowledge restoreTest resumeWork retireTemplate retractComment",
  "retryJob reviseTest revokeApiKey revokeSession revokeSessions saveFilter scheduleCampaign setAccessPolicy",
  "setNotificationPreferences setReviewPolicy setTemplatesActive startEvaluation startExecution",
  "startRemediation submitEvaluation submitExecution syncAllDataSources syncDataSource testWebhook",
  "unblockRemediation unscheduleCampaign updateCampaign updateCampaignTest updateProfile updateRemediation",
  "updateRemediationStep updateTemplate updateUser updateWebhook",
].flatMap((line) => line.split(" "));

const actions: readonly Action[] = [
  ...[...requests, ...mutations].map((name): Action => ({ name, source: "access log" })),
  ...events.map((name): Action => ({ name, source: "ledger" })),
];

/** `sign in`, `Sign_In` and `signin` look for the same. */
const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_]/g, "");

const most = 8;

/** The actions that hold what was typed; those that begin with it come first. */
export function actionsLike(typed: string): Action[] {
  const text = plain(typed);
  if (text === "") return [];
  const found = actions.filter((action) => plain(action.name).includes(text));
  const rank = (action: Action) => (plain(action.name).startsWith(text) ? 0 : 1);
  return found.toSorted((left, right) => rank(left) - rank(right)).slice(0, most);
}
