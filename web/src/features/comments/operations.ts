import { infiniteQueryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { commentsKey } from "@/api/queries";
import { graphql } from "@/gql";
import type { CommentsQuery } from "@/gql/graphql";

const commentsDocument = graphql(`
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
`);

export const postCommentDocument = graphql(`
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
`);

export const editCommentDocument = graphql(`
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
`);

export const retractCommentDocument = graphql(`
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
`);

export type Comment = CommentsQuery["comments"]["nodes"][number];

/** Read at a time. */
const pageSize = 50;
/** Others' comments show up after this long. */
const refreshMs = 10_000;

export const commentsQuery = (subjectId: string, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...commentsKey(subjectId), asOf ?? "now"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(commentsDocument, { subjectId, first: pageSize, after: pageParam, asOf: asOf ?? null }, signal))
        .comments,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    refetchInterval: asOf ? false : refreshMs,
  });
