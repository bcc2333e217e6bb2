import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { NotificationPreferencesQuery, NotificationsQuery } from "@/gql/graphql";

const notificationsDocument = graphql(`
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
`);

const unreadDocument = graphql(`
  query UnreadNotifications {
    notifications(first: 1) {
      unreadCount
    }
  }
`);

/** What rings the bell. */
export const newsDocument = graphql(`
  subscription NotificationNews {
    notifications {
      unreadCount
    }
  }
`);

const preferencesDocument = graphql(`
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
`);

export const markReadDocument = graphql(`
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
`);

export const markAllReadDocument = graphql(`
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
`);

export const setPreferencesDocument = graphql(`
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
`);

export type Notification = NotificationsQuery["notifications"]["nodes"][number];
export type Preferences = NotificationPreferencesQuery["notificationPreferences"];

export const notificationsKey = ["notifications"];

export const notificationsQuery = (unreadOnly: boolean) =>
  infiniteQueryOptions({
    queryKey: [...notificationsKey, "list", unreadOnly],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(notificationsDocument, { first: 50, after: pageParam, unreadOnly }, signal)).notifications,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const unreadQuery = queryOptions({
  queryKey: [...notificationsKey, "unread"],
  queryFn: async ({ signal }) => (await execute(unreadDocument, {}, signal)).notifications.unreadCount,
});

export const preferencesQuery = queryOptions({
  queryKey: ["notification-preferences"],
  queryFn: async ({ signal }) => (await execute(preferencesDocument, {}, signal)).notificationPreferences,
});
