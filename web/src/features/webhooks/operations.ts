import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { WebhookDeliveriesQuery, WebhooksQuery } from "@/gql/graphql";

graphql(`
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
`);

const webhooksDocument = graphql(`
  query Webhooks {
    webhooks {
      ...WebhookParts
    }
  }
`);

const webhookDocument = graphql(`
  query Webhook($id: ID!) {
    webhook(id: $id) {
      ...WebhookParts
    }
  }
`);

const deliveriesDocument = graphql(`
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
`);

export const createWebhookDocument = graphql(`
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
`);

export const updateWebhookDocument = graphql(`
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
`);

export const deleteWebhookDocument = graphql(`
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
`);

export const pingWebhookDocument = graphql(`
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
`);

export const replayDeliveryDocument = graphql(`
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
`);

export type Webhook = WebhooksQuery["webhooks"][number];
export type Delivery = WebhookDeliveriesQuery["webhookDeliveries"]["nodes"][number];

/** Everything about webhooks: a change of one may show in the list, in its head and in its log. */
export const webhooksKey = ["webhooks"];

export const webhooksQuery = queryOptions({
  queryKey: [...webhooksKey, "list"],
  queryFn: async ({ signal }) => (await execute(webhooksDocument, {}, signal)).webhooks,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: [...webhooksKey, "one", id],
    queryFn: async ({ signal }) => (await execute(webhookDocument, { id }, signal)).webhook ?? null,
  });

export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...webhooksKey, "deliveries", id],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(deliveriesDocument, { id, first: 25, after: pageParam }, signal)).webhookDeliveries,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
