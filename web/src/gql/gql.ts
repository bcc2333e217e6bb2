/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment JobFields on Job {\n    id\n    jobId\n    kind\n    title\n    state\n    done\n    total\n    current\n    error\n    result\n    attempts\n    rejectCount\n    requestedAt\n    startedAt\n    finishedAt\n    cancelRequested\n    requestedBy {\n      name\n    }\n  }\n": typeof types.JobFieldsFragmentDoc,
    "\n  query Job($id: ID!) {\n    job(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.JobDocument,
    "\n  query JobRejects($id: ID!, $first: Int!, $after: String) {\n    job(id: $id) {\n      rejects(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          number\n          file\n          line\n          record\n          reason\n        }\n      }\n    }\n  }\n": typeof types.JobRejectsDocument,
    "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.JobProgressDocument,
    "\n  mutation ImportFile($input: ImportFileInput!) {\n    importFile(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ImportFileDocument,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CancelJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RetryJobDocument,
    "\n  query People {\n    people {\n      id\n      name\n      username\n      role\n    }\n  }\n": typeof types.PeopleDocument,
    "\n  query Session {\n    me {\n      user {\n        id\n        username\n        displayName\n        role\n        email\n        timeZone\n        theme\n        mustChangePassword\n      }\n      secondFactorRequired\n      expiresAt\n      permissions\n    }\n  }\n": typeof types.SessionDocument,
    "\n  query TechniqueChoices($search: String!) {\n    techniques(first: 12, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n        platforms\n      }\n    }\n  }\n": typeof types.TechniqueChoicesDocument,
    "\n  fragment EntryParts on AuditEntry {\n    id\n    at\n    source\n    action\n    outcome\n    summary\n    entityType\n    entityId\n    entity\n    actor {\n      id\n      name\n    }\n    address\n    correlation\n    position\n    keyId\n    detail\n    nameHash\n  }\n": typeof types.EntryPartsFragmentDoc,
    "\n  query AuditLog($first: Int!, $after: String, $filter: AuditFilterInput) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n": typeof types.AuditLogDocument,
    "\n  query AccountTimeline($id: ID!, $first: Int!, $after: String) {\n    accountTimeline(id: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n": typeof types.AccountTimelineDocument,
    "\n  query Thing($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Test {\n        number\n        title\n      }\n      ... on Campaign {\n        number\n        name\n      }\n      ... on Remediation {\n        number\n        title\n      }\n      ... on TestTemplate {\n        id\n        name\n      }\n      ... on User {\n        id\n        username\n        displayName\n        erased\n        service\n      }\n      ... on Job {\n        title\n      }\n    }\n  }\n": typeof types.ThingDocument,
    "\n  query Programs {\n    serviceAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ProgramsDocument,
    "\n  mutation CreateCampaign($input: CreateCampaignInput!) {\n    createCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CreateCampaignDocument,
    "\n  mutation UpdateCampaign($input: UpdateCampaignInput!) {\n    updateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateCampaignDocument,
    "\n  mutation ActivateCampaign($input: ActivateCampaignInput!) {\n    activateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ActivateCampaignDocument,
    "\n  mutation CompleteCampaign($input: CompleteCampaignInput!) {\n    completeCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CompleteCampaignDocument,
    "\n  mutation ArchiveCampaign($input: ArchiveCampaignInput!) {\n    archiveCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ArchiveCampaignDocument,
    "\n  mutation CloneCampaign($input: CloneCampaignInput!) {\n    cloneCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CloneCampaignDocument,
    "\n  mutation AddCampaignTest($input: AddCampaignTestInput!) {\n    addCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.AddCampaignTestDocument,
    "\n  mutation UpdateCampaignTest($input: UpdateCampaignTestInput!) {\n    updateCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateCampaignTestDocument,
    "\n  mutation MoveCampaignTest($input: MoveCampaignTestInput!) {\n    moveCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.MoveCampaignTestDocument,
    "\n  mutation RemoveCampaignTest($input: RemoveCampaignTestInput!) {\n    removeCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RemoveCampaignTestDocument,
    "\n  mutation ScheduleCampaign($input: ScheduleCampaignInput!) {\n    scheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ScheduleCampaignDocument,
    "\n  mutation UnscheduleCampaign($input: UnscheduleCampaignInput!) {\n    unscheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UnscheduleCampaignDocument,
    "\n  fragment ProgressParts on CampaignProgress {\n    tests\n    validated\n    detected\n    partiallyDetected\n    notDetected\n    byState {\n      state\n      tests\n    }\n  }\n": typeof types.ProgressPartsFragmentDoc,
    "\n  query Campaigns($first: Int!, $after: String, $filter: CampaignFilter, $asOf: DateTime) {\n    campaigns(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        name\n        kind\n        state\n        startDate\n        endDate\n        runDue\n        owner {\n          name\n        }\n        progress {\n          ...ProgressParts\n        }\n        schedule {\n          every\n          nextDue {\n            due\n            dueAt\n          }\n        }\n        updatedAt\n      }\n    }\n  }\n": typeof types.CampaignsDocument,
    "\n  query Campaign($number: Int!, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      id\n      number\n      name\n      description\n      objective\n      kind\n      state\n      startDate\n      endDate\n      tags\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      owner {\n        id\n        name\n      }\n      parent {\n        number\n        name\n      }\n      clonedFrom {\n        number\n        name\n      }\n      runDue\n      runLate\n      availableActions\n      progress {\n        ...ProgressParts\n      }\n      schedule {\n        every\n        first\n        timeZone\n        until\n        missed\n        scheduledBy {\n          name\n        }\n        upcoming {\n          due\n          dueAt\n        }\n      }\n      tests {\n        order\n        phase\n        dependsOn {\n          id\n          number\n        }\n        test {\n          id\n          number\n          title\n          state\n          detectionResult\n          draftedAttackId\n          technique {\n            attackId\n            name\n          }\n          assignee {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.CampaignDocument,
    "\n  query CampaignRuns($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      runs(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          due\n          dueAt\n          late\n          skipped\n          recordedAt\n          campaign {\n            id\n            number\n            name\n            state\n            progress {\n              ...ProgressParts\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.CampaignRunsDocument,
    "\n  query CampaignTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.CampaignTimelineDocument,
    "\n  query CompareCampaignRuns($first: ID!, $second: ID!, $asOf: DateTime) {\n    compareCampaignRuns(first: $first, second: $second, asOf: $asOf) {\n      better\n      worse\n      same\n      new\n      gone\n      open\n      tests {\n        change\n        source {\n          number\n          title\n        }\n        first {\n          number\n          title\n          state\n          detectionResult\n        }\n        second {\n          number\n          title\n          state\n          detectionResult\n        }\n      }\n    }\n  }\n": typeof types.CompareCampaignRunsDocument,
    "\n  query CampaignTestChoices($search: String!) {\n    tests(first: 30, filter: { search: $search }) {\n      nodes {\n        id\n        number\n        title\n        state\n        draftedAttackId\n      }\n    }\n  }\n": typeof types.CampaignTestChoicesDocument,
    "\n  query CampaignsOfTest($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      campaigns {\n        id\n        number\n        name\n        state\n      }\n    }\n  }\n": typeof types.CampaignsOfTestDocument,
    "\n  subscription CampaignEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n": typeof types.CampaignEventsDocument,
    "\n  mutation CreateTemplate($input: CreateTemplateInput!) {\n    createTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CreateTemplateDocument,
    "\n  mutation UpdateTemplate($input: UpdateTemplateInput!) {\n    updateTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateTemplateDocument,
    "\n  mutation RetireTemplate($input: RetireTemplateInput!) {\n    retireTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RetireTemplateDocument,
    "\n  mutation SetTemplatesActive($input: SetTemplatesActiveInput!) {\n    setTemplatesActive(input: $input) {\n      results {\n        id\n        template {\n          active\n          retired\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SetTemplatesActiveDocument,
    "\n  mutation DraftTestFromTemplate($input: DraftTestFromTemplateInput!) {\n    draftTestFromTemplate(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DraftTestFromTemplateDocument,
    "\n  mutation DraftTestsFromTemplates($input: DraftTestsFromTemplatesInput!) {\n    draftTestsFromTemplates(input: $input) {\n      results {\n        test {\n          number\n          title\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DraftTestsFromTemplatesDocument,
    "\n  query TestTemplates($first: Int!, $after: String, $filter: TestTemplateFilter, $asOf: DateTime) {\n    testTemplates(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        attackId\n        technique {\n          attackId\n          name\n        }\n        source\n        severity\n        platforms\n        executor\n        active\n        retired\n        uses\n        arguments {\n          name\n          default\n        }\n      }\n    }\n  }\n": typeof types.TestTemplatesDocument,
    "\n  query TestTemplate($id: ID!, $asOf: DateTime) {\n    testTemplate(id: $id, asOf: $asOf) {\n      id\n      name\n      description\n      attackId\n      technique {\n        attackId\n        name\n      }\n      source\n      sourceKey\n      severity\n      platforms\n      executor\n      tool\n      procedure\n      cleanup\n      prerequisites\n      expectedDetection\n      references\n      tags\n      arguments {\n        name\n        description\n        kind\n        default\n      }\n      active\n      retired\n      retiredReason\n      uses\n      contentVersion\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      updatedAt\n    }\n  }\n": typeof types.TestTemplateDocument,
    "\n  query TestTemplateStats($asOf: DateTime) {\n    testTemplateStats(asOf: $asOf) {\n      templates\n      active\n      uses\n      bySource {\n        key\n        templates\n      }\n      byPlatform {\n        key\n        templates\n      }\n    }\n  }\n": typeof types.TestTemplateStatsDocument,
    "\n  query Comments($subjectId: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    comments(subjectId: $subjectId, first: $first, after: $after, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        text\n        postedAt\n        editedAt\n        author {\n          id\n          name\n        }\n        mentions {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.CommentsDocument,
    "\n  mutation PostComment($input: PostCommentInput!) {\n    postComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.PostCommentDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.EditCommentDocument,
    "\n  mutation RetractComment($input: RetractCommentInput!) {\n    retractComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RetractCommentDocument,
    "\n  query SavedFilters {\n    savedFilters {\n      id\n      page\n      name\n      query\n    }\n  }\n": typeof types.SavedFiltersDocument,
    "\n  mutation SaveFilter($input: SaveFilterInput!) {\n    saveFilter(input: $input) {\n      filter {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SaveFilterDocument,
    "\n  mutation DeleteSavedFilter($input: DeleteSavedFilterInput!) {\n    deleteSavedFilter(input: $input) {\n      filters {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DeleteSavedFilterDocument,
    "\n  query LedgerHead($asOf: DateTime) {\n    tests(first: 1, asOf: $asOf) {\n      position\n    }\n  }\n": typeof types.LedgerHeadDocument,
    "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...JobFields\n      }\n    }\n  }\n": typeof types.JobsDocument,
    "\n  query ReleaseTechniques($asOf: DateTime!) {\n    attackRelease(asOf: $asOf) {\n      version\n    }\n    techniques(first: 1000, asOf: $asOf) {\n      nodes {\n        attackId\n        name\n      }\n    }\n  }\n": typeof types.ReleaseTechniquesDocument,
    "\n  query Heatmap($asOf: DateTime) {\n    heatmap(layer: COVERAGE, asOf: $asOf) {\n      release {\n        version\n        source\n      }\n      tactics {\n        attackId\n        shortName\n        name\n        coveredPercent\n        coverage {\n          total\n        }\n        cells {\n          attackId\n          name\n          parentAttackId\n          platforms\n          status\n          openWork\n          tests\n          validatedTests\n          changedPosition\n          changedAt\n        }\n      }\n      position\n      sealedAt\n    }\n  }\n": typeof types.HeatmapDocument,
    "\n  subscription MatrixEvents {\n    events {\n      position\n      attackIds\n      type\n    }\n  }\n": typeof types.MatrixEventsDocument,
    "\n  query Notifications($first: Int!, $after: String, $unreadOnly: Boolean!) {\n    notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {\n      totalCount\n      unreadCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        kind\n        title\n        at\n        readAt\n        actor {\n          name\n        }\n        subject {\n          kind\n          number\n          title\n        }\n      }\n    }\n  }\n": typeof types.NotificationsDocument,
    "\n  query UnreadNotifications {\n    notifications(first: 1) {\n      unreadCount\n    }\n  }\n": typeof types.UnreadNotificationsDocument,
    "\n  subscription NotificationNews {\n    notifications {\n      unreadCount\n    }\n  }\n": typeof types.NotificationNewsDocument,
    "\n  query NotificationPreferences {\n    notificationPreferences {\n      hasMailAddress\n      mailConfigured\n      kinds {\n        kind\n        inApp\n        mail\n      }\n    }\n  }\n": typeof types.NotificationPreferencesDocument,
    "\n  mutation MarkNotificationRead($input: MarkNotificationReadInput!) {\n    markNotificationRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.MarkNotificationReadDocument,
    "\n  mutation MarkAllNotificationsRead($input: MarkAllNotificationsReadInput!) {\n    markAllNotificationsRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.MarkAllNotificationsReadDocument,
    "\n  mutation SetNotificationPreferences($input: SetNotificationPreferencesInput!) {\n    setNotificationPreferences(input: $input) {\n      preferences {\n        hasMailAddress\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SetNotificationPreferencesDocument,
    "\n  query AccessPolicy {\n    accessPolicy {\n      secondFactorRoles\n      groups {\n        group\n        role\n      }\n      defaultRole\n      singleSignOnOnly\n    }\n  }\n": typeof types.AccessPolicyDocument,
    "\n  query AccessPolicyTimeline($first: Int!, $after: String) {\n    accessPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.AccessPolicyTimelineDocument,
    "\n  mutation SetAccessPolicy($input: SetAccessPolicyInput!) {\n    setAccessPolicy(input: $input) {\n      policy {\n        singleSignOnOnly\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SetAccessPolicyDocument,
    "\n  query ReviewPolicy {\n    reviewPolicy {\n      separateSides\n      noSelfApproval\n      disputes\n    }\n  }\n": typeof types.ReviewPolicyDocument,
    "\n  query ReviewPolicyTimeline($first: Int!, $after: String) {\n    reviewPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.ReviewPolicyTimelineDocument,
    "\n  mutation SetReviewPolicy($input: SetReviewPolicyInput!) {\n    setReviewPolicy(input: $input) {\n      policy {\n        disputes\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SetReviewPolicyDocument,
    "\n  mutation OpenRemediation($input: OpenRemediationInput!) {\n    openRemediation(input: $input) {\n      remediation {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.OpenRemediationDocument,
    "\n  mutation StartRemediation($input: StartRemediationInput!) {\n    startRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.StartRemediationDocument,
    "\n  mutation BlockRemediation($input: BlockRemediationInput!) {\n    blockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.BlockRemediationDocument,
    "\n  mutation UnblockRemediation($input: UnblockRemediationInput!) {\n    unblockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UnblockRemediationDocument,
    "\n  mutation CompleteRemediation($input: CompleteRemediationInput!) {\n    completeRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CompleteRemediationDocument,
    "\n  mutation ReopenRemediation($input: ReopenRemediationInput!) {\n    reopenRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReopenRemediationDocument,
    "\n  mutation AcceptRisk($input: AcceptRiskInput!) {\n    acceptRisk(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.AcceptRiskDocument,
    "\n  mutation AssignRemediation($input: AssignRemediationInput!) {\n    assignRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.AssignRemediationDocument,
    "\n  mutation UpdateRemediation($input: UpdateRemediationInput!) {\n    updateRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateRemediationDocument,
    "\n  mutation AddRemediationStep($input: AddRemediationStepInput!) {\n    addRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.AddRemediationStepDocument,
    "\n  mutation UpdateRemediationStep($input: UpdateRemediationStepInput!) {\n    updateRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateRemediationStepDocument,
    "\n  mutation CompleteRemediationStep($input: CompleteRemediationStepInput!) {\n    completeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CompleteRemediationStepDocument,
    "\n  mutation RemoveRemediationStep($input: RemoveRemediationStepInput!) {\n    removeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RemoveRemediationStepDocument,
    "\n  query Remediations($first: Int!, $after: String, $filter: RemediationFilter, $asOf: DateTime) {\n    remediations(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        priority\n        dueDate\n        overdue\n        attackId\n        blockedReason\n        riskExpiresOn\n        steps {\n          status\n        }\n        assignee {\n          name\n        }\n        updatedAt\n      }\n    }\n  }\n": typeof types.RemediationsDocument,
    "\n  query Remediation($number: Int!, $asOf: DateTime) {\n    remediation(number: $number, asOf: $asOf) {\n      id\n      number\n      title\n      description\n      state\n      priority\n      dueDate\n      overdue\n      tags\n      attackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      detectionResult\n      assignee {\n        id\n        name\n      }\n      blockedReason\n      reopenReason\n      completionNotes\n      completedAt\n      completions\n      riskReason\n      riskExpiresOn\n      verifiedAt\n      openedAt\n      openedBy {\n        name\n      }\n      version\n      availableActions\n      steps {\n        stepId\n        title\n        notes\n        status\n        owner {\n          id\n          name\n        }\n      }\n      test {\n        number\n        title\n        detectionResult\n      }\n      retests {\n        completion\n        number\n        notCreatedBecause\n        detectionResult\n        recordedAt\n        test {\n          number\n          title\n          state\n        }\n      }\n    }\n  }\n": typeof types.RemediationDocument,
    "\n  query RemediationTimeline($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    remediation(id: $id, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.RemediationTimelineDocument,
    "\n  query TestChain($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      retestNumber\n      retestOf {\n        number\n        title\n        detectionResult\n      }\n      retestFor {\n        number\n        title\n        state\n      }\n      retests {\n        id\n        number\n        title\n        state\n        detectionResult\n        retestNumber\n      }\n      remediations {\n        id\n        number\n        title\n        state\n        priority\n        assignee {\n          name\n        }\n      }\n    }\n  }\n": typeof types.TestChainDocument,
    "\n  subscription RemediationEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n": typeof types.RemediationEventsDocument,
    "\n  query ServiceAccounts($first: Int!, $after: String, $search: String) {\n    serviceAccounts(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        description\n        role\n        active\n        createdAt\n        keys {\n          id\n          label\n          scope\n          issuedAt\n          issuedBy {\n            name\n          }\n          expiresAt\n          lastUsedAt\n          lastUsedFrom\n          revokedAt\n          revokedBy {\n            name\n          }\n          usable\n        }\n      }\n    }\n  }\n": typeof types.ServiceAccountsDocument,
    "\n  mutation CreateServiceAccount($input: CreateServiceAccountInput!) {\n    createServiceAccount(input: $input) {\n      serviceAccount {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CreateServiceAccountDocument,
    "\n  mutation IssueApiKey($input: IssueApiKeyInput!) {\n    issueApiKey(input: $input) {\n      token\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.IssueApiKeyDocument,
    "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      key {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  mutation ChangeServiceAccount($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ChangeServiceAccountDocument,
    "\n  mutation DeactivateServiceAccount($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DeactivateServiceAccountDocument,
    "\n  mutation ReactivateServiceAccount($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReactivateServiceAccountDocument,
    "\n  query OpenSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      means\n      beganAt\n      seenAt\n      endsAt\n      address\n      agent\n      own\n    }\n  }\n": typeof types.OpenSessionsDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RevokeSessionDocument,
    "\n  mutation RevokeSessions($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RevokeSessionsDocument,
    "\n  query SignInOptions {\n    signInOptions {\n      passwords\n      singleSignOn {\n        name\n        startUrl\n      }\n    }\n  }\n": typeof types.SignInOptionsDocument,
    "\n  mutation SignIn($input: LoginInput!) {\n    login(input: $input) {\n      secondFactorRequired\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation SignOut {\n    logout {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateProfileDocument,
    "\n  query SecondFactor {\n    secondFactor {\n      active\n      required\n      recoveryCodesLeft\n    }\n  }\n": typeof types.SecondFactorDocument,
    "\n  mutation BeginSecondFactor($input: BeginSecondFactorInput!) {\n    beginSecondFactor(input: $input) {\n      secret {\n        secret\n        uri\n        qr\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.BeginSecondFactorDocument,
    "\n  mutation ConfirmSecondFactor($input: ConfirmSecondFactorInput!) {\n    confirmSecondFactor(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ConfirmSecondFactorDocument,
    "\n  mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {\n    removeSecondFactor(input: $input) {\n      secondFactor {\n        active\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RemoveSecondFactorDocument,
    "\n  mutation RenewRecoveryCodes($input: RenewRecoveryCodesInput!) {\n    renewRecoveryCodes(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RenewRecoveryCodesDocument,
    "\n  query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {\n    exact: technique(attackId: $attackId) @include(if: $byId) {\n      attackId\n      name\n    }\n    techniques(first: 200, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n      }\n    }\n    tests(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    test(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    campaigns(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        name\n        state\n      }\n    }\n    campaign(number: $number) @include(if: $byNumber) {\n      number\n      name\n      state\n    }\n    remediations(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    remediation(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    testTemplates(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        id\n        name\n        attackId\n      }\n    }\n  }\n": typeof types.JumpDocument,
    "\n  fragment SourceParts on DataSource {\n    source\n    key\n    title\n    isAttack\n    addresses\n    everyHours\n    enabled\n    lastSuccessAt\n    nextSyncAt\n    release {\n      digest\n      version\n      releasedAt\n      position\n      counts\n    }\n    lastJob {\n      id\n      title\n      state\n      done\n      total\n      current\n      error\n      rejectCount\n      cancelRequested\n      requestedAt\n      startedAt\n      finishedAt\n    }\n  }\n": typeof types.SourcePartsFragmentDoc,
    "\n  query DataSources {\n    dataSources {\n      ...SourceParts\n    }\n  }\n": typeof types.DataSourcesDocument,
    "\n  query DataSource {\n    dataSources {\n      ...SourceParts\n      releases {\n        digest\n        version\n        releasedAt\n        position\n        inForce\n      }\n    }\n  }\n": typeof types.DataSourceDocument,
    "\n  mutation SyncDataSource($input: SyncDataSourceInput!) {\n    syncDataSource(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SyncDataSourceDocument,
    "\n  mutation SyncAllDataSources($input: SyncAllDataSourcesInput!) {\n    syncAllDataSources(input: $input) {\n      jobs {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SyncAllDataSourcesDocument,
    "\n  mutation ConfigureDataSource($input: ConfigureDataSourceInput!) {\n    configureDataSource(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ConfigureDataSourceDocument,
    "\n  mutation ApplyKnowledge($input: ApplyKnowledgeInput!) {\n    applyKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ApplyKnowledgeDocument,
    "\n  mutation RestoreKnowledge($input: RestoreKnowledgeInput!) {\n    restoreKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RestoreKnowledgeDocument,
    "\n  query SystemStatus {\n    systemStatus {\n      version\n      ledgerPosition\n      sealedAt\n      unsequenced\n      sealingStopped\n      singleDatabaseRole\n      projections {\n        name\n        position\n        lag\n        foldVersion\n        error\n      }\n      checkpoint {\n        size\n        rootHash\n        note\n        createdAt\n      }\n    }\n    attackRelease {\n      version\n      source\n      releasedAt\n      techniques\n      subTechniques\n      tactics\n      cells\n      threatActors\n      software\n      position\n    }\n  }\n": typeof types.SystemStatusDocument,
    "\n  query SystemWork($jobs: Int!) {\n    jobs(first: $jobs) {\n      nodes {\n        state\n      }\n    }\n    webhooks {\n      active\n      pendingDeliveries\n      failedDeliveries\n    }\n    notificationPreferences {\n      mailConfigured\n    }\n  }\n": typeof types.SystemWorkDocument,
    "\n  query Technique($attackId: String!, $asOf: DateTime) {\n    technique(attackId: $attackId, asOf: $asOf) {\n      id\n      attackId\n      name\n      description\n      isSubTechnique\n      platforms\n      url\n      lifecycle\n      parent {\n        attackId\n        name\n      }\n      successor {\n        attackId\n        name\n      }\n      tactics {\n        attackId\n        shortName\n        name\n      }\n      subTechniques {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      coverage {\n        status\n        openWork\n        tests\n        validatedTests\n        detectedTests\n        partiallyDetectedTests\n        notDetectedTests\n        openTests\n        ruleVersion\n        changedPosition\n        changedAt\n      }\n      tests(first: 50) {\n        totalCount\n        totalIsExact\n        nodes {\n          id\n          number\n          title\n          state\n          detectionResult\n          updatedAt\n        }\n      }\n      threatActors {\n        attackId\n        name\n        url\n      }\n      software {\n        attackId\n        name\n        kind\n      }\n    }\n  }\n": typeof types.TechniqueDocument,
    "\n  subscription TechniqueEvents {\n    events {\n      attackIds\n    }\n  }\n": typeof types.TechniqueEventsDocument,
    "\n  mutation DraftTest($input: DraftTestInput!) {\n    draftTest(input: $input) {\n      test {\n        id\n        number\n      }\n      readModelsBehind\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DraftTestDocument,
    "\n  mutation ReviseTest($input: ReviseTestInput!) {\n    reviseTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReviseTestDocument,
    "\n  mutation StartExecution($input: StartExecutionInput!) {\n    startExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.StartExecutionDocument,
    "\n  mutation RecordAttack($input: RecordAttackInput!) {\n    recordAttack(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RecordAttackDocument,
    "\n  mutation SubmitExecution($input: SubmitExecutionInput!) {\n    submitExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SubmitExecutionDocument,
    "\n  mutation RecordDetection($input: RecordDetectionInput!) {\n    recordDetection(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RecordDetectionDocument,
    "\n  mutation SubmitEvaluation($input: SubmitEvaluationInput!) {\n    submitEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SubmitEvaluationDocument,
    "\n  mutation CastVote($input: CastVoteInput!) {\n    castVote(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CastVoteDocument,
    "\n  mutation ReopenTest($input: ReopenTestInput!) {\n    reopenTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReopenTestDocument,
    "\n  mutation PauseWork($input: PauseWorkInput!) {\n    pauseWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.PauseWorkDocument,
    "\n  mutation ResumeWork($input: ResumeWorkInput!) {\n    resumeWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ResumeWorkDocument,
    "\n  mutation StartEvaluation($input: StartEvaluationInput!) {\n    startEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.StartEvaluationDocument,
    "\n  mutation ArchiveTest($input: ArchiveTestInput!) {\n    archiveTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ArchiveTestDocument,
    "\n  mutation RestoreTest($input: RestoreTestInput!) {\n    restoreTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RestoreTestDocument,
    "\n  mutation ClassifyTest($input: ClassifyTestInput!) {\n    classifyTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ClassifyTestDocument,
    "\n  mutation CloneTest($input: CloneTestInput!) {\n    cloneTest(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CloneTestDocument,
    "\n  mutation BulkTests($input: BulkTestsInput!) {\n    bulkTests(input: $input) {\n      results {\n        id\n        test {\n          number\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.BulkTestsDocument,
    "\n  fragment EvidenceParts on Evidence {\n    id\n    evidenceId\n    side\n    fileName\n    mediaType\n    sizeBytes\n    sha256\n    caption\n    addedAt\n    addedBy {\n      name\n    }\n    removedAt\n    removedBy {\n      name\n    }\n    removeReason\n    downloadUrl\n  }\n": typeof types.EvidencePartsFragmentDoc,
    "\n  mutation RequestEvidenceUpload($input: RequestEvidenceUploadInput!) {\n    requestEvidenceUpload(input: $input) {\n      upload {\n        id\n        url\n        direct {\n          url\n          headers {\n            name\n            value\n          }\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RequestEvidenceUploadDocument,
    "\n  mutation ConfirmEvidence($input: ConfirmEvidenceInput!) {\n    confirmEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ConfirmEvidenceDocument,
    "\n  mutation RemoveEvidence($input: RemoveEvidenceInput!) {\n    removeEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.RemoveEvidenceDocument,
    "\n  query EvidenceLink($id: ID!) {\n    evidence(id: $id) {\n      downloadUrl\n    }\n  }\n": typeof types.EvidenceLinkDocument,
    "\n  query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {\n    tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        round\n        tags\n        dueDate\n        updatedAt\n        detectionResult\n        pendingVotes\n        paused\n        archived\n        classification\n        draftedAttackId\n        technique {\n          attackId\n          name\n        }\n        assignee {\n          name\n        }\n      }\n    }\n  }\n": typeof types.TestsDocument,
    "\n  subscription TestEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      position\n      aggregateType\n      attackIds\n    }\n  }\n": typeof types.TestEventsDocument,
    "\n  fragment ClockParts on Clock {\n    startedAt\n    endedAt\n    netSeconds\n    pausedSeconds\n    pausedSince\n    pauses {\n      from\n      to\n      reason\n      by {\n        name\n      }\n    }\n  }\n": typeof types.ClockPartsFragmentDoc,
    "\n  query Test($number: Int!, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      id\n      testId\n      number\n      title\n      description\n      objective\n      targetEnvironment\n      platform\n      plannedProcedure\n      plannedTool\n      tags\n      dueDate\n      state\n      paused\n      archived\n      archiveReason\n      classification\n      copiedFrom {\n        number\n        title\n      }\n      round\n      version\n      detectionResult\n      createdAt\n      updatedAt\n      pendingVotes\n      availableActions\n      voteRefusal\n      draftedAttackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      draftedAgainst {\n        attackId\n        name\n      }\n      assignee {\n        id\n        name\n      }\n      createdBy {\n        id\n        name\n        role\n      }\n      rounds {\n        number\n        outcome\n        openedAt\n        executionStartedAt\n        executionSubmittedAt\n        evaluationSubmittedAt\n        decidedAt\n        reopenReason\n        executedBy {\n          id\n          name\n        }\n        evaluatedBy {\n          id\n          name\n        }\n        evaluationStartedAt\n        evaluationStartedBy {\n          name\n        }\n        executionClock {\n          ...ClockParts\n        }\n        evaluationClock {\n          ...ClockParts\n        }\n        evidence {\n          ...EvidenceParts\n        }\n        attack {\n          procedure\n          tool\n          startedAt\n          endedAt\n          success\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        detection {\n          result\n          detectedAt\n          alertedAt\n          containedAt\n          containmentResult\n          clockSkewNote\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        votes {\n          side\n          verdict\n          notes\n          castAt\n          position\n          superseded\n          voter {\n            id\n            name\n          }\n          evidence {\n            evidenceId\n            sha256\n          }\n        }\n      }\n    }\n  }\n": typeof types.TestDocument,
    "\n  query TestTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          sealedAt\n          recordedAt\n          type\n          round\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.TestTimelineDocument,
    "\n  query Users($first: Int!, $after: String, $search: String) {\n    users(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        username\n        displayName\n        email\n        role\n        active\n        erased\n        secondFactor\n        mustChangePassword\n        createdAt\n        lastSignInAt\n      }\n    }\n  }\n": typeof types.UsersDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CreateUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateUserDocument,
    "\n  mutation DeactivateUser($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DeactivateUserDocument,
    "\n  mutation ReactivateUser($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReactivateUserDocument,
    "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ResetSecondFactorDocument,
    "\n  mutation EraseUser($input: EraseUserInput!) {\n    eraseUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.EraseUserDocument,
    "\n  mutation SignUserOut($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.SignUserOutDocument,
    "\n  mutation ResetUserPassword($input: ResetUserPasswordInput!) {\n    resetUserPassword(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ResetUserPasswordDocument,
    "\n  fragment WebhookParts on Webhook {\n    id\n    name\n    url\n    events\n    active\n    createdAt\n    createdBy {\n      name\n    }\n    updatedAt\n    pendingDeliveries\n    failedDeliveries\n    lastDeliveredAt\n  }\n": typeof types.WebhookPartsFragmentDoc,
    "\n  query Webhooks {\n    webhooks {\n      ...WebhookParts\n    }\n  }\n": typeof types.WebhooksDocument,
    "\n  query Webhook($id: ID!) {\n    webhook(id: $id) {\n      ...WebhookParts\n    }\n  }\n": typeof types.WebhookDocument,
    "\n  query WebhookDeliveries($id: ID!, $first: Int!, $after: String) {\n    webhookDeliveries(webhookId: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        deliveryId\n        kind\n        position\n        payload\n        state\n        attempts\n        nextAttemptAt\n        lastStatus\n        lastError\n        lastAttemptAt\n        deliveredAt\n        createdAt\n      }\n    }\n  }\n": typeof types.WebhookDeliveriesDocument,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.UpdateWebhookDocument,
    "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      webhooks {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.DeleteWebhookDocument,
    "\n  mutation PingWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.PingWebhookDocument,
    "\n  mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {\n    replayWebhookDelivery(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": typeof types.ReplayWebhookDeliveryDocument,
};
const documents: Documents = {
    "\n  fragment JobFields on Job {\n    id\n    jobId\n    kind\n    title\n    state\n    done\n    total\n    current\n    error\n    result\n    attempts\n    rejectCount\n    requestedAt\n    startedAt\n    finishedAt\n    cancelRequested\n    requestedBy {\n      name\n    }\n  }\n": types.JobFieldsFragmentDoc,
    "\n  query Job($id: ID!) {\n    job(id: $id) {\n      ...JobFields\n    }\n  }\n": types.JobDocument,
    "\n  query JobRejects($id: ID!, $first: Int!, $after: String) {\n    job(id: $id) {\n      rejects(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          number\n          file\n          line\n          record\n          reason\n        }\n      }\n    }\n  }\n": types.JobRejectsDocument,
    "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n": types.JobProgressDocument,
    "\n  mutation ImportFile($input: ImportFileInput!) {\n    importFile(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ImportFileDocument,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CancelJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RetryJobDocument,
    "\n  query People {\n    people {\n      id\n      name\n      username\n      role\n    }\n  }\n": types.PeopleDocument,
    "\n  query Session {\n    me {\n      user {\n        id\n        username\n        displayName\n        role\n        email\n        timeZone\n        theme\n        mustChangePassword\n      }\n      secondFactorRequired\n      expiresAt\n      permissions\n    }\n  }\n": types.SessionDocument,
    "\n  query TechniqueChoices($search: String!) {\n    techniques(first: 12, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n        platforms\n      }\n    }\n  }\n": types.TechniqueChoicesDocument,
    "\n  fragment EntryParts on AuditEntry {\n    id\n    at\n    source\n    action\n    outcome\n    summary\n    entityType\n    entityId\n    entity\n    actor {\n      id\n      name\n    }\n    address\n    correlation\n    position\n    keyId\n    detail\n    nameHash\n  }\n": types.EntryPartsFragmentDoc,
    "\n  query AuditLog($first: Int!, $after: String, $filter: AuditFilterInput) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n": types.AuditLogDocument,
    "\n  query AccountTimeline($id: ID!, $first: Int!, $after: String) {\n    accountTimeline(id: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n": types.AccountTimelineDocument,
    "\n  query Thing($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Test {\n        number\n        title\n      }\n      ... on Campaign {\n        number\n        name\n      }\n      ... on Remediation {\n        number\n        title\n      }\n      ... on TestTemplate {\n        id\n        name\n      }\n      ... on User {\n        id\n        username\n        displayName\n        erased\n        service\n      }\n      ... on Job {\n        title\n      }\n    }\n  }\n": types.ThingDocument,
    "\n  query Programs {\n    serviceAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": types.ProgramsDocument,
    "\n  mutation CreateCampaign($input: CreateCampaignInput!) {\n    createCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CreateCampaignDocument,
    "\n  mutation UpdateCampaign($input: UpdateCampaignInput!) {\n    updateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateCampaignDocument,
    "\n  mutation ActivateCampaign($input: ActivateCampaignInput!) {\n    activateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ActivateCampaignDocument,
    "\n  mutation CompleteCampaign($input: CompleteCampaignInput!) {\n    completeCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CompleteCampaignDocument,
    "\n  mutation ArchiveCampaign($input: ArchiveCampaignInput!) {\n    archiveCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ArchiveCampaignDocument,
    "\n  mutation CloneCampaign($input: CloneCampaignInput!) {\n    cloneCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CloneCampaignDocument,
    "\n  mutation AddCampaignTest($input: AddCampaignTestInput!) {\n    addCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.AddCampaignTestDocument,
    "\n  mutation UpdateCampaignTest($input: UpdateCampaignTestInput!) {\n    updateCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateCampaignTestDocument,
    "\n  mutation MoveCampaignTest($input: MoveCampaignTestInput!) {\n    moveCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.MoveCampaignTestDocument,
    "\n  mutation RemoveCampaignTest($input: RemoveCampaignTestInput!) {\n    removeCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RemoveCampaignTestDocument,
    "\n  mutation ScheduleCampaign($input: ScheduleCampaignInput!) {\n    scheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ScheduleCampaignDocument,
    "\n  mutation UnscheduleCampaign($input: UnscheduleCampaignInput!) {\n    unscheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UnscheduleCampaignDocument,
    "\n  fragment ProgressParts on CampaignProgress {\n    tests\n    validated\n    detected\n    partiallyDetected\n    notDetected\n    byState {\n      state\n      tests\n    }\n  }\n": types.ProgressPartsFragmentDoc,
    "\n  query Campaigns($first: Int!, $after: String, $filter: CampaignFilter, $asOf: DateTime) {\n    campaigns(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        name\n        kind\n        state\n        startDate\n        endDate\n        runDue\n        owner {\n          name\n        }\n        progress {\n          ...ProgressParts\n        }\n        schedule {\n          every\n          nextDue {\n            due\n            dueAt\n          }\n        }\n        updatedAt\n      }\n    }\n  }\n": types.CampaignsDocument,
    "\n  query Campaign($number: Int!, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      id\n      number\n      name\n      description\n      objective\n      kind\n      state\n      startDate\n      endDate\n      tags\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      owner {\n        id\n        name\n      }\n      parent {\n        number\n        name\n      }\n      clonedFrom {\n        number\n        name\n      }\n      runDue\n      runLate\n      availableActions\n      progress {\n        ...ProgressParts\n      }\n      schedule {\n        every\n        first\n        timeZone\n        until\n        missed\n        scheduledBy {\n          name\n        }\n        upcoming {\n          due\n          dueAt\n        }\n      }\n      tests {\n        order\n        phase\n        dependsOn {\n          id\n          number\n        }\n        test {\n          id\n          number\n          title\n          state\n          detectionResult\n          draftedAttackId\n          technique {\n            attackId\n            name\n          }\n          assignee {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.CampaignDocument,
    "\n  query CampaignRuns($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      runs(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          due\n          dueAt\n          late\n          skipped\n          recordedAt\n          campaign {\n            id\n            number\n            name\n            state\n            progress {\n              ...ProgressParts\n            }\n          }\n        }\n      }\n    }\n  }\n": types.CampaignRunsDocument,
    "\n  query CampaignTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.CampaignTimelineDocument,
    "\n  query CompareCampaignRuns($first: ID!, $second: ID!, $asOf: DateTime) {\n    compareCampaignRuns(first: $first, second: $second, asOf: $asOf) {\n      better\n      worse\n      same\n      new\n      gone\n      open\n      tests {\n        change\n        source {\n          number\n          title\n        }\n        first {\n          number\n          title\n          state\n          detectionResult\n        }\n        second {\n          number\n          title\n          state\n          detectionResult\n        }\n      }\n    }\n  }\n": types.CompareCampaignRunsDocument,
    "\n  query CampaignTestChoices($search: String!) {\n    tests(first: 30, filter: { search: $search }) {\n      nodes {\n        id\n        number\n        title\n        state\n        draftedAttackId\n      }\n    }\n  }\n": types.CampaignTestChoicesDocument,
    "\n  query CampaignsOfTest($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      campaigns {\n        id\n        number\n        name\n        state\n      }\n    }\n  }\n": types.CampaignsOfTestDocument,
    "\n  subscription CampaignEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n": types.CampaignEventsDocument,
    "\n  mutation CreateTemplate($input: CreateTemplateInput!) {\n    createTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CreateTemplateDocument,
    "\n  mutation UpdateTemplate($input: UpdateTemplateInput!) {\n    updateTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateTemplateDocument,
    "\n  mutation RetireTemplate($input: RetireTemplateInput!) {\n    retireTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RetireTemplateDocument,
    "\n  mutation SetTemplatesActive($input: SetTemplatesActiveInput!) {\n    setTemplatesActive(input: $input) {\n      results {\n        id\n        template {\n          active\n          retired\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SetTemplatesActiveDocument,
    "\n  mutation DraftTestFromTemplate($input: DraftTestFromTemplateInput!) {\n    draftTestFromTemplate(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DraftTestFromTemplateDocument,
    "\n  mutation DraftTestsFromTemplates($input: DraftTestsFromTemplatesInput!) {\n    draftTestsFromTemplates(input: $input) {\n      results {\n        test {\n          number\n          title\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DraftTestsFromTemplatesDocument,
    "\n  query TestTemplates($first: Int!, $after: String, $filter: TestTemplateFilter, $asOf: DateTime) {\n    testTemplates(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        attackId\n        technique {\n          attackId\n          name\n        }\n        source\n        severity\n        platforms\n        executor\n        active\n        retired\n        uses\n        arguments {\n          name\n          default\n        }\n      }\n    }\n  }\n": types.TestTemplatesDocument,
    "\n  query TestTemplate($id: ID!, $asOf: DateTime) {\n    testTemplate(id: $id, asOf: $asOf) {\n      id\n      name\n      description\n      attackId\n      technique {\n        attackId\n        name\n      }\n      source\n      sourceKey\n      severity\n      platforms\n      executor\n      tool\n      procedure\n      cleanup\n      prerequisites\n      expectedDetection\n      references\n      tags\n      arguments {\n        name\n        description\n        kind\n        default\n      }\n      active\n      retired\n      retiredReason\n      uses\n      contentVersion\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      updatedAt\n    }\n  }\n": types.TestTemplateDocument,
    "\n  query TestTemplateStats($asOf: DateTime) {\n    testTemplateStats(asOf: $asOf) {\n      templates\n      active\n      uses\n      bySource {\n        key\n        templates\n      }\n      byPlatform {\n        key\n        templates\n      }\n    }\n  }\n": types.TestTemplateStatsDocument,
    "\n  query Comments($subjectId: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    comments(subjectId: $subjectId, first: $first, after: $after, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        text\n        postedAt\n        editedAt\n        author {\n          id\n          name\n        }\n        mentions {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.CommentsDocument,
    "\n  mutation PostComment($input: PostCommentInput!) {\n    postComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.PostCommentDocument,
    "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.EditCommentDocument,
    "\n  mutation RetractComment($input: RetractCommentInput!) {\n    retractComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RetractCommentDocument,
    "\n  query SavedFilters {\n    savedFilters {\n      id\n      page\n      name\n      query\n    }\n  }\n": types.SavedFiltersDocument,
    "\n  mutation SaveFilter($input: SaveFilterInput!) {\n    saveFilter(input: $input) {\n      filter {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SaveFilterDocument,
    "\n  mutation DeleteSavedFilter($input: DeleteSavedFilterInput!) {\n    deleteSavedFilter(input: $input) {\n      filters {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DeleteSavedFilterDocument,
    "\n  query LedgerHead($asOf: DateTime) {\n    tests(first: 1, asOf: $asOf) {\n      position\n    }\n  }\n": types.LedgerHeadDocument,
    "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...JobFields\n      }\n    }\n  }\n": types.JobsDocument,
    "\n  query ReleaseTechniques($asOf: DateTime!) {\n    attackRelease(asOf: $asOf) {\n      version\n    }\n    techniques(first: 1000, asOf: $asOf) {\n      nodes {\n        attackId\n        name\n      }\n    }\n  }\n": types.ReleaseTechniquesDocument,
    "\n  query Heatmap($asOf: DateTime) {\n    heatmap(layer: COVERAGE, asOf: $asOf) {\n      release {\n        version\n        source\n      }\n      tactics {\n        attackId\n        shortName\n        name\n        coveredPercent\n        coverage {\n          total\n        }\n        cells {\n          attackId\n          name\n          parentAttackId\n          platforms\n          status\n          openWork\n          tests\n          validatedTests\n          changedPosition\n          changedAt\n        }\n      }\n      position\n      sealedAt\n    }\n  }\n": types.HeatmapDocument,
    "\n  subscription MatrixEvents {\n    events {\n      position\n      attackIds\n      type\n    }\n  }\n": types.MatrixEventsDocument,
    "\n  query Notifications($first: Int!, $after: String, $unreadOnly: Boolean!) {\n    notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {\n      totalCount\n      unreadCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        kind\n        title\n        at\n        readAt\n        actor {\n          name\n        }\n        subject {\n          kind\n          number\n          title\n        }\n      }\n    }\n  }\n": types.NotificationsDocument,
    "\n  query UnreadNotifications {\n    notifications(first: 1) {\n      unreadCount\n    }\n  }\n": types.UnreadNotificationsDocument,
    "\n  subscription NotificationNews {\n    notifications {\n      unreadCount\n    }\n  }\n": types.NotificationNewsDocument,
    "\n  query NotificationPreferences {\n    notificationPreferences {\n      hasMailAddress\n      mailConfigured\n      kinds {\n        kind\n        inApp\n        mail\n      }\n    }\n  }\n": types.NotificationPreferencesDocument,
    "\n  mutation MarkNotificationRead($input: MarkNotificationReadInput!) {\n    markNotificationRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.MarkNotificationReadDocument,
    "\n  mutation MarkAllNotificationsRead($input: MarkAllNotificationsReadInput!) {\n    markAllNotificationsRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.MarkAllNotificationsReadDocument,
    "\n  mutation SetNotificationPreferences($input: SetNotificationPreferencesInput!) {\n    setNotificationPreferences(input: $input) {\n      preferences {\n        hasMailAddress\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SetNotificationPreferencesDocument,
    "\n  query AccessPolicy {\n    accessPolicy {\n      secondFactorRoles\n      groups {\n        group\n        role\n      }\n      defaultRole\n      singleSignOnOnly\n    }\n  }\n": types.AccessPolicyDocument,
    "\n  query AccessPolicyTimeline($first: Int!, $after: String) {\n    accessPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.AccessPolicyTimelineDocument,
    "\n  mutation SetAccessPolicy($input: SetAccessPolicyInput!) {\n    setAccessPolicy(input: $input) {\n      policy {\n        singleSignOnOnly\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SetAccessPolicyDocument,
    "\n  query ReviewPolicy {\n    reviewPolicy {\n      separateSides\n      noSelfApproval\n      disputes\n    }\n  }\n": types.ReviewPolicyDocument,
    "\n  query ReviewPolicyTimeline($first: Int!, $after: String) {\n    reviewPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.ReviewPolicyTimelineDocument,
    "\n  mutation SetReviewPolicy($input: SetReviewPolicyInput!) {\n    setReviewPolicy(input: $input) {\n      policy {\n        disputes\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SetReviewPolicyDocument,
    "\n  mutation OpenRemediation($input: OpenRemediationInput!) {\n    openRemediation(input: $input) {\n      remediation {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.OpenRemediationDocument,
    "\n  mutation StartRemediation($input: StartRemediationInput!) {\n    startRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.StartRemediationDocument,
    "\n  mutation BlockRemediation($input: BlockRemediationInput!) {\n    blockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.BlockRemediationDocument,
    "\n  mutation UnblockRemediation($input: UnblockRemediationInput!) {\n    unblockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UnblockRemediationDocument,
    "\n  mutation CompleteRemediation($input: CompleteRemediationInput!) {\n    completeRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CompleteRemediationDocument,
    "\n  mutation ReopenRemediation($input: ReopenRemediationInput!) {\n    reopenRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReopenRemediationDocument,
    "\n  mutation AcceptRisk($input: AcceptRiskInput!) {\n    acceptRisk(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.AcceptRiskDocument,
    "\n  mutation AssignRemediation($input: AssignRemediationInput!) {\n    assignRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.AssignRemediationDocument,
    "\n  mutation UpdateRemediation($input: UpdateRemediationInput!) {\n    updateRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateRemediationDocument,
    "\n  mutation AddRemediationStep($input: AddRemediationStepInput!) {\n    addRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.AddRemediationStepDocument,
    "\n  mutation UpdateRemediationStep($input: UpdateRemediationStepInput!) {\n    updateRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateRemediationStepDocument,
    "\n  mutation CompleteRemediationStep($input: CompleteRemediationStepInput!) {\n    completeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CompleteRemediationStepDocument,
    "\n  mutation RemoveRemediationStep($input: RemoveRemediationStepInput!) {\n    removeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RemoveRemediationStepDocument,
    "\n  query Remediations($first: Int!, $after: String, $filter: RemediationFilter, $asOf: DateTime) {\n    remediations(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        priority\n        dueDate\n        overdue\n        attackId\n        blockedReason\n        riskExpiresOn\n        steps {\n          status\n        }\n        assignee {\n          name\n        }\n        updatedAt\n      }\n    }\n  }\n": types.RemediationsDocument,
    "\n  query Remediation($number: Int!, $asOf: DateTime) {\n    remediation(number: $number, asOf: $asOf) {\n      id\n      number\n      title\n      description\n      state\n      priority\n      dueDate\n      overdue\n      tags\n      attackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      detectionResult\n      assignee {\n        id\n        name\n      }\n      blockedReason\n      reopenReason\n      completionNotes\n      completedAt\n      completions\n      riskReason\n      riskExpiresOn\n      verifiedAt\n      openedAt\n      openedBy {\n        name\n      }\n      version\n      availableActions\n      steps {\n        stepId\n        title\n        notes\n        status\n        owner {\n          id\n          name\n        }\n      }\n      test {\n        number\n        title\n        detectionResult\n      }\n      retests {\n        completion\n        number\n        notCreatedBecause\n        detectionResult\n        recordedAt\n        test {\n          number\n          title\n          state\n        }\n      }\n    }\n  }\n": types.RemediationDocument,
    "\n  query RemediationTimeline($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    remediation(id: $id, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.RemediationTimelineDocument,
    "\n  query TestChain($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      retestNumber\n      retestOf {\n        number\n        title\n        detectionResult\n      }\n      retestFor {\n        number\n        title\n        state\n      }\n      retests {\n        id\n        number\n        title\n        state\n        detectionResult\n        retestNumber\n      }\n      remediations {\n        id\n        number\n        title\n        state\n        priority\n        assignee {\n          name\n        }\n      }\n    }\n  }\n": types.TestChainDocument,
    "\n  subscription RemediationEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n": types.RemediationEventsDocument,
    "\n  query ServiceAccounts($first: Int!, $after: String, $search: String) {\n    serviceAccounts(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        description\n        role\n        active\n        createdAt\n        keys {\n          id\n          label\n          scope\n          issuedAt\n          issuedBy {\n            name\n          }\n          expiresAt\n          lastUsedAt\n          lastUsedFrom\n          revokedAt\n          revokedBy {\n            name\n          }\n          usable\n        }\n      }\n    }\n  }\n": types.ServiceAccountsDocument,
    "\n  mutation CreateServiceAccount($input: CreateServiceAccountInput!) {\n    createServiceAccount(input: $input) {\n      serviceAccount {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CreateServiceAccountDocument,
    "\n  mutation IssueApiKey($input: IssueApiKeyInput!) {\n    issueApiKey(input: $input) {\n      token\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.IssueApiKeyDocument,
    "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      key {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RevokeApiKeyDocument,
    "\n  mutation ChangeServiceAccount($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ChangeServiceAccountDocument,
    "\n  mutation DeactivateServiceAccount($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DeactivateServiceAccountDocument,
    "\n  mutation ReactivateServiceAccount($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReactivateServiceAccountDocument,
    "\n  query OpenSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      means\n      beganAt\n      seenAt\n      endsAt\n      address\n      agent\n      own\n    }\n  }\n": types.OpenSessionsDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RevokeSessionDocument,
    "\n  mutation RevokeSessions($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RevokeSessionsDocument,
    "\n  query SignInOptions {\n    signInOptions {\n      passwords\n      singleSignOn {\n        name\n        startUrl\n      }\n    }\n  }\n": types.SignInOptionsDocument,
    "\n  mutation SignIn($input: LoginInput!) {\n    login(input: $input) {\n      secondFactorRequired\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  mutation SignOut {\n    logout {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateProfileDocument,
    "\n  query SecondFactor {\n    secondFactor {\n      active\n      required\n      recoveryCodesLeft\n    }\n  }\n": types.SecondFactorDocument,
    "\n  mutation BeginSecondFactor($input: BeginSecondFactorInput!) {\n    beginSecondFactor(input: $input) {\n      secret {\n        secret\n        uri\n        qr\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.BeginSecondFactorDocument,
    "\n  mutation ConfirmSecondFactor($input: ConfirmSecondFactorInput!) {\n    confirmSecondFactor(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ConfirmSecondFactorDocument,
    "\n  mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {\n    removeSecondFactor(input: $input) {\n      secondFactor {\n        active\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RemoveSecondFactorDocument,
    "\n  mutation RenewRecoveryCodes($input: RenewRecoveryCodesInput!) {\n    renewRecoveryCodes(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RenewRecoveryCodesDocument,
    "\n  query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {\n    exact: technique(attackId: $attackId) @include(if: $byId) {\n      attackId\n      name\n    }\n    techniques(first: 200, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n      }\n    }\n    tests(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    test(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    campaigns(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        name\n        state\n      }\n    }\n    campaign(number: $number) @include(if: $byNumber) {\n      number\n      name\n      state\n    }\n    remediations(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    remediation(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    testTemplates(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        id\n        name\n        attackId\n      }\n    }\n  }\n": types.JumpDocument,
    "\n  fragment SourceParts on DataSource {\n    source\n    key\n    title\n    isAttack\n    addresses\n    everyHours\n    enabled\n    lastSuccessAt\n    nextSyncAt\n    release {\n      digest\n      version\n      releasedAt\n      position\n      counts\n    }\n    lastJob {\n      id\n      title\n      state\n      done\n      total\n      current\n      error\n      rejectCount\n      cancelRequested\n      requestedAt\n      startedAt\n      finishedAt\n    }\n  }\n": types.SourcePartsFragmentDoc,
    "\n  query DataSources {\n    dataSources {\n      ...SourceParts\n    }\n  }\n": types.DataSourcesDocument,
    "\n  query DataSource {\n    dataSources {\n      ...SourceParts\n      releases {\n        digest\n        version\n        releasedAt\n        position\n        inForce\n      }\n    }\n  }\n": types.DataSourceDocument,
    "\n  mutation SyncDataSource($input: SyncDataSourceInput!) {\n    syncDataSource(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SyncDataSourceDocument,
    "\n  mutation SyncAllDataSources($input: SyncAllDataSourcesInput!) {\n    syncAllDataSources(input: $input) {\n      jobs {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SyncAllDataSourcesDocument,
    "\n  mutation ConfigureDataSource($input: ConfigureDataSourceInput!) {\n    configureDataSource(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ConfigureDataSourceDocument,
    "\n  mutation ApplyKnowledge($input: ApplyKnowledgeInput!) {\n    applyKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ApplyKnowledgeDocument,
    "\n  mutation RestoreKnowledge($input: RestoreKnowledgeInput!) {\n    restoreKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RestoreKnowledgeDocument,
    "\n  query SystemStatus {\n    systemStatus {\n      version\n      ledgerPosition\n      sealedAt\n      unsequenced\n      sealingStopped\n      singleDatabaseRole\n      projections {\n        name\n        position\n        lag\n        foldVersion\n        error\n      }\n      checkpoint {\n        size\n        rootHash\n        note\n        createdAt\n      }\n    }\n    attackRelease {\n      version\n      source\n      releasedAt\n      techniques\n      subTechniques\n      tactics\n      cells\n      threatActors\n      software\n      position\n    }\n  }\n": types.SystemStatusDocument,
    "\n  query SystemWork($jobs: Int!) {\n    jobs(first: $jobs) {\n      nodes {\n        state\n      }\n    }\n    webhooks {\n      active\n      pendingDeliveries\n      failedDeliveries\n    }\n    notificationPreferences {\n      mailConfigured\n    }\n  }\n": types.SystemWorkDocument,
    "\n  query Technique($attackId: String!, $asOf: DateTime) {\n    technique(attackId: $attackId, asOf: $asOf) {\n      id\n      attackId\n      name\n      description\n      isSubTechnique\n      platforms\n      url\n      lifecycle\n      parent {\n        attackId\n        name\n      }\n      successor {\n        attackId\n        name\n      }\n      tactics {\n        attackId\n        shortName\n        name\n      }\n      subTechniques {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      coverage {\n        status\n        openWork\n        tests\n        validatedTests\n        detectedTests\n        partiallyDetectedTests\n        notDetectedTests\n        openTests\n        ruleVersion\n        changedPosition\n        changedAt\n      }\n      tests(first: 50) {\n        totalCount\n        totalIsExact\n        nodes {\n          id\n          number\n          title\n          state\n          detectionResult\n          updatedAt\n        }\n      }\n      threatActors {\n        attackId\n        name\n        url\n      }\n      software {\n        attackId\n        name\n        kind\n      }\n    }\n  }\n": types.TechniqueDocument,
    "\n  subscription TechniqueEvents {\n    events {\n      attackIds\n    }\n  }\n": types.TechniqueEventsDocument,
    "\n  mutation DraftTest($input: DraftTestInput!) {\n    draftTest(input: $input) {\n      test {\n        id\n        number\n      }\n      readModelsBehind\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DraftTestDocument,
    "\n  mutation ReviseTest($input: ReviseTestInput!) {\n    reviseTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReviseTestDocument,
    "\n  mutation StartExecution($input: StartExecutionInput!) {\n    startExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.StartExecutionDocument,
    "\n  mutation RecordAttack($input: RecordAttackInput!) {\n    recordAttack(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RecordAttackDocument,
    "\n  mutation SubmitExecution($input: SubmitExecutionInput!) {\n    submitExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SubmitExecutionDocument,
    "\n  mutation RecordDetection($input: RecordDetectionInput!) {\n    recordDetection(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RecordDetectionDocument,
    "\n  mutation SubmitEvaluation($input: SubmitEvaluationInput!) {\n    submitEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SubmitEvaluationDocument,
    "\n  mutation CastVote($input: CastVoteInput!) {\n    castVote(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CastVoteDocument,
    "\n  mutation ReopenTest($input: ReopenTestInput!) {\n    reopenTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReopenTestDocument,
    "\n  mutation PauseWork($input: PauseWorkInput!) {\n    pauseWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.PauseWorkDocument,
    "\n  mutation ResumeWork($input: ResumeWorkInput!) {\n    resumeWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ResumeWorkDocument,
    "\n  mutation StartEvaluation($input: StartEvaluationInput!) {\n    startEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.StartEvaluationDocument,
    "\n  mutation ArchiveTest($input: ArchiveTestInput!) {\n    archiveTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ArchiveTestDocument,
    "\n  mutation RestoreTest($input: RestoreTestInput!) {\n    restoreTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RestoreTestDocument,
    "\n  mutation ClassifyTest($input: ClassifyTestInput!) {\n    classifyTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ClassifyTestDocument,
    "\n  mutation CloneTest($input: CloneTestInput!) {\n    cloneTest(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CloneTestDocument,
    "\n  mutation BulkTests($input: BulkTestsInput!) {\n    bulkTests(input: $input) {\n      results {\n        id\n        test {\n          number\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.BulkTestsDocument,
    "\n  fragment EvidenceParts on Evidence {\n    id\n    evidenceId\n    side\n    fileName\n    mediaType\n    sizeBytes\n    sha256\n    caption\n    addedAt\n    addedBy {\n      name\n    }\n    removedAt\n    removedBy {\n      name\n    }\n    removeReason\n    downloadUrl\n  }\n": types.EvidencePartsFragmentDoc,
    "\n  mutation RequestEvidenceUpload($input: RequestEvidenceUploadInput!) {\n    requestEvidenceUpload(input: $input) {\n      upload {\n        id\n        url\n        direct {\n          url\n          headers {\n            name\n            value\n          }\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RequestEvidenceUploadDocument,
    "\n  mutation ConfirmEvidence($input: ConfirmEvidenceInput!) {\n    confirmEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ConfirmEvidenceDocument,
    "\n  mutation RemoveEvidence($input: RemoveEvidenceInput!) {\n    removeEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.RemoveEvidenceDocument,
    "\n  query EvidenceLink($id: ID!) {\n    evidence(id: $id) {\n      downloadUrl\n    }\n  }\n": types.EvidenceLinkDocument,
    "\n  query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {\n    tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        round\n        tags\n        dueDate\n        updatedAt\n        detectionResult\n        pendingVotes\n        paused\n        archived\n        classification\n        draftedAttackId\n        technique {\n          attackId\n          name\n        }\n        assignee {\n          name\n        }\n      }\n    }\n  }\n": types.TestsDocument,
    "\n  subscription TestEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      position\n      aggregateType\n      attackIds\n    }\n  }\n": types.TestEventsDocument,
    "\n  fragment ClockParts on Clock {\n    startedAt\n    endedAt\n    netSeconds\n    pausedSeconds\n    pausedSince\n    pauses {\n      from\n      to\n      reason\n      by {\n        name\n      }\n    }\n  }\n": types.ClockPartsFragmentDoc,
    "\n  query Test($number: Int!, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      id\n      testId\n      number\n      title\n      description\n      objective\n      targetEnvironment\n      platform\n      plannedProcedure\n      plannedTool\n      tags\n      dueDate\n      state\n      paused\n      archived\n      archiveReason\n      classification\n      copiedFrom {\n        number\n        title\n      }\n      round\n      version\n      detectionResult\n      createdAt\n      updatedAt\n      pendingVotes\n      availableActions\n      voteRefusal\n      draftedAttackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      draftedAgainst {\n        attackId\n        name\n      }\n      assignee {\n        id\n        name\n      }\n      createdBy {\n        id\n        name\n        role\n      }\n      rounds {\n        number\n        outcome\n        openedAt\n        executionStartedAt\n        executionSubmittedAt\n        evaluationSubmittedAt\n        decidedAt\n        reopenReason\n        executedBy {\n          id\n          name\n        }\n        evaluatedBy {\n          id\n          name\n        }\n        evaluationStartedAt\n        evaluationStartedBy {\n          name\n        }\n        executionClock {\n          ...ClockParts\n        }\n        evaluationClock {\n          ...ClockParts\n        }\n        evidence {\n          ...EvidenceParts\n        }\n        attack {\n          procedure\n          tool\n          startedAt\n          endedAt\n          success\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        detection {\n          result\n          detectedAt\n          alertedAt\n          containedAt\n          containmentResult\n          clockSkewNote\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        votes {\n          side\n          verdict\n          notes\n          castAt\n          position\n          superseded\n          voter {\n            id\n            name\n          }\n          evidence {\n            evidenceId\n            sha256\n          }\n        }\n      }\n    }\n  }\n": types.TestDocument,
    "\n  query TestTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          sealedAt\n          recordedAt\n          type\n          round\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n": types.TestTimelineDocument,
    "\n  query Users($first: Int!, $after: String, $search: String) {\n    users(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        username\n        displayName\n        email\n        role\n        active\n        erased\n        secondFactor\n        mustChangePassword\n        createdAt\n        lastSignInAt\n      }\n    }\n  }\n": types.UsersDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CreateUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateUserDocument,
    "\n  mutation DeactivateUser($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DeactivateUserDocument,
    "\n  mutation ReactivateUser($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReactivateUserDocument,
    "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ResetSecondFactorDocument,
    "\n  mutation EraseUser($input: EraseUserInput!) {\n    eraseUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.EraseUserDocument,
    "\n  mutation SignUserOut($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.SignUserOutDocument,
    "\n  mutation ResetUserPassword($input: ResetUserPasswordInput!) {\n    resetUserPassword(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ResetUserPasswordDocument,
    "\n  fragment WebhookParts on Webhook {\n    id\n    name\n    url\n    events\n    active\n    createdAt\n    createdBy {\n      name\n    }\n    updatedAt\n    pendingDeliveries\n    failedDeliveries\n    lastDeliveredAt\n  }\n": types.WebhookPartsFragmentDoc,
    "\n  query Webhooks {\n    webhooks {\n      ...WebhookParts\n    }\n  }\n": types.WebhooksDocument,
    "\n  query Webhook($id: ID!) {\n    webhook(id: $id) {\n      ...WebhookParts\n    }\n  }\n": types.WebhookDocument,
    "\n  query WebhookDeliveries($id: ID!, $first: Int!, $after: String) {\n    webhookDeliveries(webhookId: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        deliveryId\n        kind\n        position\n        payload\n        state\n        attempts\n        nextAttemptAt\n        lastStatus\n        lastError\n        lastAttemptAt\n        deliveredAt\n        createdAt\n      }\n    }\n  }\n": types.WebhookDeliveriesDocument,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.UpdateWebhookDocument,
    "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      webhooks {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.DeleteWebhookDocument,
    "\n  mutation PingWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.PingWebhookDocument,
    "\n  mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {\n    replayWebhookDelivery(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n": types.ReplayWebhookDeliveryDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobFields on Job {\n    id\n    jobId\n    kind\n    title\n    state\n    done\n    total\n    current\n    error\n    result\n    attempts\n    rejectCount\n    requestedAt\n    startedAt\n    finishedAt\n    cancelRequested\n    requestedBy {\n      name\n    }\n  }\n"): typeof import('./graphql').JobFieldsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Job($id: ID!) {\n    job(id: $id) {\n      ...JobFields\n    }\n  }\n"): typeof import('./graphql').JobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query JobRejects($id: ID!, $first: Int!, $after: String) {\n    job(id: $id) {\n      rejects(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          number\n          file\n          line\n          record\n          reason\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').JobRejectsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      ...JobFields\n    }\n  }\n"): typeof import('./graphql').JobProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportFile($input: ImportFileInput!) {\n    importFile(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ImportFileDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CancelJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RetryJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query People {\n    people {\n      id\n      name\n      username\n      role\n    }\n  }\n"): typeof import('./graphql').PeopleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session {\n    me {\n      user {\n        id\n        username\n        displayName\n        role\n        email\n        timeZone\n        theme\n        mustChangePassword\n      }\n      secondFactorRequired\n      expiresAt\n      permissions\n    }\n  }\n"): typeof import('./graphql').SessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TechniqueChoices($search: String!) {\n    techniques(first: 12, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n        platforms\n      }\n    }\n  }\n"): typeof import('./graphql').TechniqueChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EntryParts on AuditEntry {\n    id\n    at\n    source\n    action\n    outcome\n    summary\n    entityType\n    entityId\n    entity\n    actor {\n      id\n      name\n    }\n    address\n    correlation\n    position\n    keyId\n    detail\n    nameHash\n  }\n"): typeof import('./graphql').EntryPartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditLog($first: Int!, $after: String, $filter: AuditFilterInput) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n"): typeof import('./graphql').AuditLogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccountTimeline($id: ID!, $first: Int!, $after: String) {\n    accountTimeline(id: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...EntryParts\n      }\n    }\n  }\n"): typeof import('./graphql').AccountTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Thing($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Test {\n        number\n        title\n      }\n      ... on Campaign {\n        number\n        name\n      }\n      ... on Remediation {\n        number\n        title\n      }\n      ... on TestTemplate {\n        id\n        name\n      }\n      ... on User {\n        id\n        username\n        displayName\n        erased\n        service\n      }\n      ... on Job {\n        title\n      }\n    }\n  }\n"): typeof import('./graphql').ThingDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Programs {\n    serviceAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').ProgramsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCampaign($input: CreateCampaignInput!) {\n    createCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CreateCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCampaign($input: UpdateCampaignInput!) {\n    updateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ActivateCampaign($input: ActivateCampaignInput!) {\n    activateCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ActivateCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteCampaign($input: CompleteCampaignInput!) {\n    completeCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CompleteCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveCampaign($input: ArchiveCampaignInput!) {\n    archiveCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ArchiveCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloneCampaign($input: CloneCampaignInput!) {\n    cloneCampaign(input: $input) {\n      campaign {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CloneCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddCampaignTest($input: AddCampaignTestInput!) {\n    addCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').AddCampaignTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCampaignTest($input: UpdateCampaignTestInput!) {\n    updateCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateCampaignTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MoveCampaignTest($input: MoveCampaignTestInput!) {\n    moveCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').MoveCampaignTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveCampaignTest($input: RemoveCampaignTestInput!) {\n    removeCampaignTest(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RemoveCampaignTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ScheduleCampaign($input: ScheduleCampaignInput!) {\n    scheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ScheduleCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnscheduleCampaign($input: UnscheduleCampaignInput!) {\n    unscheduleCampaign(input: $input) {\n      campaign {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UnscheduleCampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProgressParts on CampaignProgress {\n    tests\n    validated\n    detected\n    partiallyDetected\n    notDetected\n    byState {\n      state\n      tests\n    }\n  }\n"): typeof import('./graphql').ProgressPartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Campaigns($first: Int!, $after: String, $filter: CampaignFilter, $asOf: DateTime) {\n    campaigns(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        name\n        kind\n        state\n        startDate\n        endDate\n        runDue\n        owner {\n          name\n        }\n        progress {\n          ...ProgressParts\n        }\n        schedule {\n          every\n          nextDue {\n            due\n            dueAt\n          }\n        }\n        updatedAt\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Campaign($number: Int!, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      id\n      number\n      name\n      description\n      objective\n      kind\n      state\n      startDate\n      endDate\n      tags\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      owner {\n        id\n        name\n      }\n      parent {\n        number\n        name\n      }\n      clonedFrom {\n        number\n        name\n      }\n      runDue\n      runLate\n      availableActions\n      progress {\n        ...ProgressParts\n      }\n      schedule {\n        every\n        first\n        timeZone\n        until\n        missed\n        scheduledBy {\n          name\n        }\n        upcoming {\n          due\n          dueAt\n        }\n      }\n      tests {\n        order\n        phase\n        dependsOn {\n          id\n          number\n        }\n        test {\n          id\n          number\n          title\n          state\n          detectionResult\n          draftedAttackId\n          technique {\n            attackId\n            name\n          }\n          assignee {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CampaignRuns($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      runs(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          due\n          dueAt\n          late\n          skipped\n          recordedAt\n          campaign {\n            id\n            number\n            name\n            state\n            progress {\n              ...ProgressParts\n            }\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignRunsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CampaignTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    campaign(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CompareCampaignRuns($first: ID!, $second: ID!, $asOf: DateTime) {\n    compareCampaignRuns(first: $first, second: $second, asOf: $asOf) {\n      better\n      worse\n      same\n      new\n      gone\n      open\n      tests {\n        change\n        source {\n          number\n          title\n        }\n        first {\n          number\n          title\n          state\n          detectionResult\n        }\n        second {\n          number\n          title\n          state\n          detectionResult\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').CompareCampaignRunsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CampaignTestChoices($search: String!) {\n    tests(first: 30, filter: { search: $search }) {\n      nodes {\n        id\n        number\n        title\n        state\n        draftedAttackId\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignTestChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CampaignsOfTest($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      campaigns {\n        id\n        number\n        name\n        state\n      }\n    }\n  }\n"): typeof import('./graphql').CampaignsOfTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CampaignEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n"): typeof import('./graphql').CampaignEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTemplate($input: CreateTemplateInput!) {\n    createTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CreateTemplateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTemplate($input: UpdateTemplateInput!) {\n    updateTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateTemplateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetireTemplate($input: RetireTemplateInput!) {\n    retireTemplate(input: $input) {\n      template {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RetireTemplateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetTemplatesActive($input: SetTemplatesActiveInput!) {\n    setTemplatesActive(input: $input) {\n      results {\n        id\n        template {\n          active\n          retired\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SetTemplatesActiveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DraftTestFromTemplate($input: DraftTestFromTemplateInput!) {\n    draftTestFromTemplate(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DraftTestFromTemplateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DraftTestsFromTemplates($input: DraftTestsFromTemplatesInput!) {\n    draftTestsFromTemplates(input: $input) {\n      results {\n        test {\n          number\n          title\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DraftTestsFromTemplatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestTemplates($first: Int!, $after: String, $filter: TestTemplateFilter, $asOf: DateTime) {\n    testTemplates(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        attackId\n        technique {\n          attackId\n          name\n        }\n        source\n        severity\n        platforms\n        executor\n        active\n        retired\n        uses\n        arguments {\n          name\n          default\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TestTemplatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestTemplate($id: ID!, $asOf: DateTime) {\n    testTemplate(id: $id, asOf: $asOf) {\n      id\n      name\n      description\n      attackId\n      technique {\n        attackId\n        name\n      }\n      source\n      sourceKey\n      severity\n      platforms\n      executor\n      tool\n      procedure\n      cleanup\n      prerequisites\n      expectedDetection\n      references\n      tags\n      arguments {\n        name\n        description\n        kind\n        default\n      }\n      active\n      retired\n      retiredReason\n      uses\n      contentVersion\n      version\n      createdAt\n      createdBy {\n        name\n      }\n      updatedAt\n    }\n  }\n"): typeof import('./graphql').TestTemplateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestTemplateStats($asOf: DateTime) {\n    testTemplateStats(asOf: $asOf) {\n      templates\n      active\n      uses\n      bySource {\n        key\n        templates\n      }\n      byPlatform {\n        key\n        templates\n      }\n    }\n  }\n"): typeof import('./graphql').TestTemplateStatsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Comments($subjectId: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    comments(subjectId: $subjectId, first: $first, after: $after, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        text\n        postedAt\n        editedAt\n        author {\n          id\n          name\n        }\n        mentions {\n          id\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').CommentsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PostComment($input: PostCommentInput!) {\n    postComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').PostCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EditComment($input: EditCommentInput!) {\n    editComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').EditCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetractComment($input: RetractCommentInput!) {\n    retractComment(input: $input) {\n      comment {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RetractCommentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SavedFilters {\n    savedFilters {\n      id\n      page\n      name\n      query\n    }\n  }\n"): typeof import('./graphql').SavedFiltersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveFilter($input: SaveFilterInput!) {\n    saveFilter(input: $input) {\n      filter {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SaveFilterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSavedFilter($input: DeleteSavedFilterInput!) {\n    deleteSavedFilter(input: $input) {\n      filters {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DeleteSavedFilterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LedgerHead($asOf: DateTime) {\n    tests(first: 1, asOf: $asOf) {\n      position\n    }\n  }\n"): typeof import('./graphql').LedgerHeadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...JobFields\n      }\n    }\n  }\n"): typeof import('./graphql').JobsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReleaseTechniques($asOf: DateTime!) {\n    attackRelease(asOf: $asOf) {\n      version\n    }\n    techniques(first: 1000, asOf: $asOf) {\n      nodes {\n        attackId\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').ReleaseTechniquesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Heatmap($asOf: DateTime) {\n    heatmap(layer: COVERAGE, asOf: $asOf) {\n      release {\n        version\n        source\n      }\n      tactics {\n        attackId\n        shortName\n        name\n        coveredPercent\n        coverage {\n          total\n        }\n        cells {\n          attackId\n          name\n          parentAttackId\n          platforms\n          status\n          openWork\n          tests\n          validatedTests\n          changedPosition\n          changedAt\n        }\n      }\n      position\n      sealedAt\n    }\n  }\n"): typeof import('./graphql').HeatmapDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MatrixEvents {\n    events {\n      position\n      attackIds\n      type\n    }\n  }\n"): typeof import('./graphql').MatrixEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Notifications($first: Int!, $after: String, $unreadOnly: Boolean!) {\n    notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {\n      totalCount\n      unreadCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        kind\n        title\n        at\n        readAt\n        actor {\n          name\n        }\n        subject {\n          kind\n          number\n          title\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').NotificationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UnreadNotifications {\n    notifications(first: 1) {\n      unreadCount\n    }\n  }\n"): typeof import('./graphql').UnreadNotificationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotificationNews {\n    notifications {\n      unreadCount\n    }\n  }\n"): typeof import('./graphql').NotificationNewsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotificationPreferences {\n    notificationPreferences {\n      hasMailAddress\n      mailConfigured\n      kinds {\n        kind\n        inApp\n        mail\n      }\n    }\n  }\n"): typeof import('./graphql').NotificationPreferencesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkNotificationRead($input: MarkNotificationReadInput!) {\n    markNotificationRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').MarkNotificationReadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkAllNotificationsRead($input: MarkAllNotificationsReadInput!) {\n    markAllNotificationsRead(input: $input) {\n      unreadCount\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').MarkAllNotificationsReadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetNotificationPreferences($input: SetNotificationPreferencesInput!) {\n    setNotificationPreferences(input: $input) {\n      preferences {\n        hasMailAddress\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SetNotificationPreferencesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccessPolicy {\n    accessPolicy {\n      secondFactorRoles\n      groups {\n        group\n        role\n      }\n      defaultRole\n      singleSignOnOnly\n    }\n  }\n"): typeof import('./graphql').AccessPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccessPolicyTimeline($first: Int!, $after: String) {\n    accessPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').AccessPolicyTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetAccessPolicy($input: SetAccessPolicyInput!) {\n    setAccessPolicy(input: $input) {\n      policy {\n        singleSignOnOnly\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SetAccessPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReviewPolicy {\n    reviewPolicy {\n      separateSides\n      noSelfApproval\n      disputes\n    }\n  }\n"): typeof import('./graphql').ReviewPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReviewPolicyTimeline($first: Int!, $after: String) {\n    reviewPolicy {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          payload\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ReviewPolicyTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetReviewPolicy($input: SetReviewPolicyInput!) {\n    setReviewPolicy(input: $input) {\n      policy {\n        disputes\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SetReviewPolicyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenRemediation($input: OpenRemediationInput!) {\n    openRemediation(input: $input) {\n      remediation {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').OpenRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartRemediation($input: StartRemediationInput!) {\n    startRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').StartRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BlockRemediation($input: BlockRemediationInput!) {\n    blockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').BlockRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnblockRemediation($input: UnblockRemediationInput!) {\n    unblockRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UnblockRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteRemediation($input: CompleteRemediationInput!) {\n    completeRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CompleteRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenRemediation($input: ReopenRemediationInput!) {\n    reopenRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReopenRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptRisk($input: AcceptRiskInput!) {\n    acceptRisk(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').AcceptRiskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AssignRemediation($input: AssignRemediationInput!) {\n    assignRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').AssignRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateRemediation($input: UpdateRemediationInput!) {\n    updateRemediation(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateRemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddRemediationStep($input: AddRemediationStepInput!) {\n    addRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').AddRemediationStepDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateRemediationStep($input: UpdateRemediationStepInput!) {\n    updateRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateRemediationStepDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteRemediationStep($input: CompleteRemediationStepInput!) {\n    completeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CompleteRemediationStepDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveRemediationStep($input: RemoveRemediationStepInput!) {\n    removeRemediationStep(input: $input) {\n      remediation {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RemoveRemediationStepDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Remediations($first: Int!, $after: String, $filter: RemediationFilter, $asOf: DateTime) {\n    remediations(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        priority\n        dueDate\n        overdue\n        attackId\n        blockedReason\n        riskExpiresOn\n        steps {\n          status\n        }\n        assignee {\n          name\n        }\n        updatedAt\n      }\n    }\n  }\n"): typeof import('./graphql').RemediationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Remediation($number: Int!, $asOf: DateTime) {\n    remediation(number: $number, asOf: $asOf) {\n      id\n      number\n      title\n      description\n      state\n      priority\n      dueDate\n      overdue\n      tags\n      attackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      detectionResult\n      assignee {\n        id\n        name\n      }\n      blockedReason\n      reopenReason\n      completionNotes\n      completedAt\n      completions\n      riskReason\n      riskExpiresOn\n      verifiedAt\n      openedAt\n      openedBy {\n        name\n      }\n      version\n      availableActions\n      steps {\n        stepId\n        title\n        notes\n        status\n        owner {\n          id\n          name\n        }\n      }\n      test {\n        number\n        title\n        detectionResult\n      }\n      retests {\n        completion\n        number\n        notCreatedBecause\n        detectionResult\n        recordedAt\n        test {\n          number\n          title\n          state\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').RemediationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RemediationTimeline($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {\n    remediation(id: $id, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          recordedAt\n          type\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').RemediationTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestChain($id: ID!, $asOf: DateTime) {\n    test(id: $id, asOf: $asOf) {\n      retestNumber\n      retestOf {\n        number\n        title\n        detectionResult\n      }\n      retestFor {\n        number\n        title\n        state\n      }\n      retests {\n        id\n        number\n        title\n        state\n        detectionResult\n        retestNumber\n      }\n      remediations {\n        id\n        number\n        title\n        state\n        priority\n        assignee {\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TestChainDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription RemediationEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      aggregateType\n    }\n  }\n"): typeof import('./graphql').RemediationEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ServiceAccounts($first: Int!, $after: String, $search: String) {\n    serviceAccounts(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        description\n        role\n        active\n        createdAt\n        keys {\n          id\n          label\n          scope\n          issuedAt\n          issuedBy {\n            name\n          }\n          expiresAt\n          lastUsedAt\n          lastUsedFrom\n          revokedAt\n          revokedBy {\n            name\n          }\n          usable\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').ServiceAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateServiceAccount($input: CreateServiceAccountInput!) {\n    createServiceAccount(input: $input) {\n      serviceAccount {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CreateServiceAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation IssueApiKey($input: IssueApiKeyInput!) {\n    issueApiKey(input: $input) {\n      token\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').IssueApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      key {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RevokeApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeServiceAccount($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ChangeServiceAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeactivateServiceAccount($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DeactivateServiceAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReactivateServiceAccount($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReactivateServiceAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OpenSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      means\n      beganAt\n      seenAt\n      endsAt\n      address\n      agent\n      own\n    }\n  }\n"): typeof import('./graphql').OpenSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RevokeSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSessions($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RevokeSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignInOptions {\n    signInOptions {\n      passwords\n      singleSignOn {\n        name\n        startUrl\n      }\n    }\n  }\n"): typeof import('./graphql').SignInOptionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: LoginInput!) {\n    login(input: $input) {\n      secondFactorRequired\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    logout {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').SignOutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ChangePasswordDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProfile($input: UpdateProfileInput!) {\n    updateProfile(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateProfileDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SecondFactor {\n    secondFactor {\n      active\n      required\n      recoveryCodesLeft\n    }\n  }\n"): typeof import('./graphql').SecondFactorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BeginSecondFactor($input: BeginSecondFactorInput!) {\n    beginSecondFactor(input: $input) {\n      secret {\n        secret\n        uri\n        qr\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').BeginSecondFactorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmSecondFactor($input: ConfirmSecondFactorInput!) {\n    confirmSecondFactor(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ConfirmSecondFactorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {\n    removeSecondFactor(input: $input) {\n      secondFactor {\n        active\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RemoveSecondFactorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenewRecoveryCodes($input: RenewRecoveryCodesInput!) {\n    renewRecoveryCodes(input: $input) {\n      recoveryCodes\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RenewRecoveryCodesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {\n    exact: technique(attackId: $attackId) @include(if: $byId) {\n      attackId\n      name\n    }\n    techniques(first: 200, filter: { search: $search, includeSubTechniques: true }) {\n      nodes {\n        attackId\n        name\n      }\n    }\n    tests(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    test(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    campaigns(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        name\n        state\n      }\n    }\n    campaign(number: $number) @include(if: $byNumber) {\n      number\n      name\n      state\n    }\n    remediations(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        number\n        title\n        state\n      }\n    }\n    remediation(number: $number) @include(if: $byNumber) {\n      number\n      title\n      state\n    }\n    testTemplates(first: 20, filter: { search: $search }) @skip(if: $byNumber) {\n      nodes {\n        id\n        name\n        attackId\n      }\n    }\n  }\n"): typeof import('./graphql').JumpDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SourceParts on DataSource {\n    source\n    key\n    title\n    isAttack\n    addresses\n    everyHours\n    enabled\n    lastSuccessAt\n    nextSyncAt\n    release {\n      digest\n      version\n      releasedAt\n      position\n      counts\n    }\n    lastJob {\n      id\n      title\n      state\n      done\n      total\n      current\n      error\n      rejectCount\n      cancelRequested\n      requestedAt\n      startedAt\n      finishedAt\n    }\n  }\n"): typeof import('./graphql').SourcePartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSources {\n    dataSources {\n      ...SourceParts\n    }\n  }\n"): typeof import('./graphql').DataSourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSource {\n    dataSources {\n      ...SourceParts\n      releases {\n        digest\n        version\n        releasedAt\n        position\n        inForce\n      }\n    }\n  }\n"): typeof import('./graphql').DataSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SyncDataSource($input: SyncDataSourceInput!) {\n    syncDataSource(input: $input) {\n      job {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SyncDataSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SyncAllDataSources($input: SyncAllDataSourcesInput!) {\n    syncAllDataSources(input: $input) {\n      jobs {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SyncAllDataSourcesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfigureDataSource($input: ConfigureDataSourceInput!) {\n    configureDataSource(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ConfigureDataSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApplyKnowledge($input: ApplyKnowledgeInput!) {\n    applyKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ApplyKnowledgeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreKnowledge($input: RestoreKnowledgeInput!) {\n    restoreKnowledge(input: $input) {\n      dataSource {\n        key\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RestoreKnowledgeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SystemStatus {\n    systemStatus {\n      version\n      ledgerPosition\n      sealedAt\n      unsequenced\n      sealingStopped\n      singleDatabaseRole\n      projections {\n        name\n        position\n        lag\n        foldVersion\n        error\n      }\n      checkpoint {\n        size\n        rootHash\n        note\n        createdAt\n      }\n    }\n    attackRelease {\n      version\n      source\n      releasedAt\n      techniques\n      subTechniques\n      tactics\n      cells\n      threatActors\n      software\n      position\n    }\n  }\n"): typeof import('./graphql').SystemStatusDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SystemWork($jobs: Int!) {\n    jobs(first: $jobs) {\n      nodes {\n        state\n      }\n    }\n    webhooks {\n      active\n      pendingDeliveries\n      failedDeliveries\n    }\n    notificationPreferences {\n      mailConfigured\n    }\n  }\n"): typeof import('./graphql').SystemWorkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Technique($attackId: String!, $asOf: DateTime) {\n    technique(attackId: $attackId, asOf: $asOf) {\n      id\n      attackId\n      name\n      description\n      isSubTechnique\n      platforms\n      url\n      lifecycle\n      parent {\n        attackId\n        name\n      }\n      successor {\n        attackId\n        name\n      }\n      tactics {\n        attackId\n        shortName\n        name\n      }\n      subTechniques {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      coverage {\n        status\n        openWork\n        tests\n        validatedTests\n        detectedTests\n        partiallyDetectedTests\n        notDetectedTests\n        openTests\n        ruleVersion\n        changedPosition\n        changedAt\n      }\n      tests(first: 50) {\n        totalCount\n        totalIsExact\n        nodes {\n          id\n          number\n          title\n          state\n          detectionResult\n          updatedAt\n        }\n      }\n      threatActors {\n        attackId\n        name\n        url\n      }\n      software {\n        attackId\n        name\n        kind\n      }\n    }\n  }\n"): typeof import('./graphql').TechniqueDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TechniqueEvents {\n    events {\n      attackIds\n    }\n  }\n"): typeof import('./graphql').TechniqueEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DraftTest($input: DraftTestInput!) {\n    draftTest(input: $input) {\n      test {\n        id\n        number\n      }\n      readModelsBehind\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DraftTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReviseTest($input: ReviseTestInput!) {\n    reviseTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReviseTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartExecution($input: StartExecutionInput!) {\n    startExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').StartExecutionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordAttack($input: RecordAttackInput!) {\n    recordAttack(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RecordAttackDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitExecution($input: SubmitExecutionInput!) {\n    submitExecution(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SubmitExecutionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordDetection($input: RecordDetectionInput!) {\n    recordDetection(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RecordDetectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitEvaluation($input: SubmitEvaluationInput!) {\n    submitEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SubmitEvaluationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CastVote($input: CastVoteInput!) {\n    castVote(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CastVoteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenTest($input: ReopenTestInput!) {\n    reopenTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReopenTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseWork($input: PauseWorkInput!) {\n    pauseWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').PauseWorkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeWork($input: ResumeWorkInput!) {\n    resumeWork(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ResumeWorkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartEvaluation($input: StartEvaluationInput!) {\n    startEvaluation(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').StartEvaluationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveTest($input: ArchiveTestInput!) {\n    archiveTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ArchiveTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreTest($input: RestoreTestInput!) {\n    restoreTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RestoreTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClassifyTest($input: ClassifyTestInput!) {\n    classifyTest(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ClassifyTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloneTest($input: CloneTestInput!) {\n    cloneTest(input: $input) {\n      test {\n        number\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CloneTestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BulkTests($input: BulkTestsInput!) {\n    bulkTests(input: $input) {\n      results {\n        id\n        test {\n          number\n        }\n        userErrors {\n          field\n          message\n          code\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').BulkTestsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EvidenceParts on Evidence {\n    id\n    evidenceId\n    side\n    fileName\n    mediaType\n    sizeBytes\n    sha256\n    caption\n    addedAt\n    addedBy {\n      name\n    }\n    removedAt\n    removedBy {\n      name\n    }\n    removeReason\n    downloadUrl\n  }\n"): typeof import('./graphql').EvidencePartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestEvidenceUpload($input: RequestEvidenceUploadInput!) {\n    requestEvidenceUpload(input: $input) {\n      upload {\n        id\n        url\n        direct {\n          url\n          headers {\n            name\n            value\n          }\n        }\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RequestEvidenceUploadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmEvidence($input: ConfirmEvidenceInput!) {\n    confirmEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ConfirmEvidenceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveEvidence($input: RemoveEvidenceInput!) {\n    removeEvidence(input: $input) {\n      test {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').RemoveEvidenceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EvidenceLink($id: ID!) {\n    evidence(id: $id) {\n      downloadUrl\n    }\n  }\n"): typeof import('./graphql').EvidenceLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {\n    tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        number\n        title\n        state\n        round\n        tags\n        dueDate\n        updatedAt\n        detectionResult\n        pendingVotes\n        paused\n        archived\n        classification\n        draftedAttackId\n        technique {\n          attackId\n          name\n        }\n        assignee {\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TestsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TestEvents($filter: EventFilter) {\n    events(filter: $filter) {\n      position\n      aggregateType\n      attackIds\n    }\n  }\n"): typeof import('./graphql').TestEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ClockParts on Clock {\n    startedAt\n    endedAt\n    netSeconds\n    pausedSeconds\n    pausedSince\n    pauses {\n      from\n      to\n      reason\n      by {\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').ClockPartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Test($number: Int!, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      id\n      testId\n      number\n      title\n      description\n      objective\n      targetEnvironment\n      platform\n      plannedProcedure\n      plannedTool\n      tags\n      dueDate\n      state\n      paused\n      archived\n      archiveReason\n      classification\n      copiedFrom {\n        number\n        title\n      }\n      round\n      version\n      detectionResult\n      createdAt\n      updatedAt\n      pendingVotes\n      availableActions\n      voteRefusal\n      draftedAttackId\n      technique {\n        attackId\n        name\n        coverage {\n          status\n        }\n      }\n      draftedAgainst {\n        attackId\n        name\n      }\n      assignee {\n        id\n        name\n      }\n      createdBy {\n        id\n        name\n        role\n      }\n      rounds {\n        number\n        outcome\n        openedAt\n        executionStartedAt\n        executionSubmittedAt\n        evaluationSubmittedAt\n        decidedAt\n        reopenReason\n        executedBy {\n          id\n          name\n        }\n        evaluatedBy {\n          id\n          name\n        }\n        evaluationStartedAt\n        evaluationStartedBy {\n          name\n        }\n        executionClock {\n          ...ClockParts\n        }\n        evaluationClock {\n          ...ClockParts\n        }\n        evidence {\n          ...EvidenceParts\n        }\n        attack {\n          procedure\n          tool\n          startedAt\n          endedAt\n          success\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        detection {\n          result\n          detectedAt\n          alertedAt\n          containedAt\n          containmentResult\n          clockSkewNote\n          summary\n          recordedAt\n          recordedBy {\n            name\n          }\n        }\n        votes {\n          side\n          verdict\n          notes\n          castAt\n          position\n          superseded\n          voter {\n            id\n            name\n          }\n          evidence {\n            evidenceId\n            sha256\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TestDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {\n    test(number: $number, asOf: $asOf) {\n      timeline(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        nodes {\n          position\n          sealedAt\n          recordedAt\n          type\n          round\n          summary\n          actor {\n            name\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TestTimelineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Users($first: Int!, $after: String, $search: String) {\n    users(first: $first, after: $after, search: $search) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        username\n        displayName\n        email\n        role\n        active\n        erased\n        secondFactor\n        mustChangePassword\n        createdAt\n        lastSignInAt\n      }\n    }\n  }\n"): typeof import('./graphql').UsersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CreateUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeactivateUser($input: SetUserActiveInput!) {\n    deactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DeactivateUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReactivateUser($input: SetUserActiveInput!) {\n    reactivateUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReactivateUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ResetSecondFactorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EraseUser($input: EraseUserInput!) {\n    eraseUser(input: $input) {\n      user {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').EraseUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignUserOut($input: RevokeSessionsInput!) {\n    revokeSessions(input: $input) {\n      sessions {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').SignUserOutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetUserPassword($input: ResetUserPasswordInput!) {\n    resetUserPassword(input: $input) {\n      user {\n        id\n        username\n      }\n      generatedPassword\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ResetUserPasswordDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WebhookParts on Webhook {\n    id\n    name\n    url\n    events\n    active\n    createdAt\n    createdBy {\n      name\n    }\n    updatedAt\n    pendingDeliveries\n    failedDeliveries\n    lastDeliveredAt\n  }\n"): typeof import('./graphql').WebhookPartsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhooks {\n    webhooks {\n      ...WebhookParts\n    }\n  }\n"): typeof import('./graphql').WebhooksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhook($id: ID!) {\n    webhook(id: $id) {\n      ...WebhookParts\n    }\n  }\n"): typeof import('./graphql').WebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookDeliveries($id: ID!, $first: Int!, $after: String) {\n    webhookDeliveries(webhookId: $id, first: $first, after: $after) {\n      totalCount\n      totalIsExact\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        deliveryId\n        kind\n        position\n        payload\n        state\n        attempts\n        nextAttemptAt\n        lastStatus\n        lastError\n        lastAttemptAt\n        deliveredAt\n        createdAt\n      }\n    }\n  }\n"): typeof import('./graphql').WebhookDeliveriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').CreateWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        id\n      }\n      secret\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').UpdateWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      webhooks {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').DeleteWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PingWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').PingWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {\n    replayWebhookDelivery(input: $input) {\n      delivery {\n        id\n      }\n      userErrors {\n        field\n        message\n        code\n      }\n    }\n  }\n"): typeof import('./graphql').ReplayWebhookDeliveryDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
