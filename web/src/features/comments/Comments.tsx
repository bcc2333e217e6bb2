import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { commentsKey } from "@/api/queries";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { CommentForm } from "./CommentForm";
import { partsOf } from "./mentions";
import {
  type Comment,
  commentsQuery,
  editCommentDocument,
  postCommentDocument,
  retractCommentDocument,
} from "./operations";
import "./comments.css";

/** What people say about a test, a campaign or a remediation. */
export function Comments({ subjectId, asOf }: { subjectId: string; asOf: string | undefined }) {
  const queryClient = useQueryClient();
  const session = useSession();
  const query = useInfiniteQuery(commentsQuery(subjectId, asOf));
  const post = useCommand(postCommentDocument);
  const comments = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const changed = () => queryClient.invalidateQueries({ queryKey: commentsKey(subjectId) });
  const open = asOf === undefined && may(session, "postComment");
  return (
    <section className="comments" aria-labelledby="comments">
      <h2 id="comments">
        Comments <span className="count">{query.data?.pages[0]?.totalCount ?? ""}</span>
      </h2>
      {query.isError && (
        <ErrorNotice doing="Loading the comments" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={2} label="Loading the comments" />}
      {query.isSuccess && comments.length === 0 && (
        <p className="muted">
          {asOf ? "Nobody had said anything at this instant." : "Nobody has said anything yet."}
          {open && " Ask, answer, or tell somebody with @name."}
        </p>
      )}
      <ol>
        {comments.map((comment) => (
          <CommentItem
            key={comment.id}
            comment={comment}
            own={open && comment.author.id === session?.user.id}
            admin={open && session?.user.role === "ADMIN"}
            onChanged={changed}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
      {open && (
        <CommentForm
          label="Comment"
          submitLabel="Comment"
          command={post}
          onSubmit={async (text) => {
            const payload = await post.submit({ subjectId, text });
            if (payload) await changed();
            return payload !== null;
          }}
        />
      )}
    </section>
  );
}

function CommentItem({
  comment,
  own,
  admin,
  onChanged,
}: {
  comment: Comment;
  own: boolean;
  admin: boolean;
  onChanged: () => Promise<unknown>;
}) {
  const [editing, setEditing] = useState(false);
  const [retracting, setRetracting] = useState(false);
  const edit = useCommand(editCommentDocument);
  const retract = useCommand(retractCommentDocument);
  const takeBack = async () => {
    if (await retract.submit({ id: comment.id })) await onChanged();
  };
  const items = [
    ...(own ? [{ key: "edit", label: "Edit", onSelect: () => setEditing(true) }] : []),
    ...(own || admin ? [{ key: "retract", label: "Take back", onSelect: () => setRetracting(true) }] : []),
  ];
  return (
    <li className="comment" data-testid="comment">
      <div className="comment-head">
        <strong>{comment.author.name}</strong>
        <span className="muted">
          <Instant at={comment.postedAt} />
          {comment.editedAt && (
            <>
              , edited <Instant at={comment.editedAt} after={comment.postedAt} />
            </>
          )}
        </span>
        {items.length > 0 && !editing && (
          <Menu label={`Actions for the comment of ${comment.author.name}`} trigger={<Icon name="more" />} items={items} />
        )}
      </div>
      {editing ? (
        <CommentForm
          label="Edit the comment"
          text={comment.text}
          submitLabel="Save"
          command={edit}
          onCancel={() => setEditing(false)}
          onSubmit={async (text) => {
            const payload = await edit.submit({ id: comment.id, text });
            if (!payload) return false;
            await onChanged();
            setEditing(false);
            return true;
          }}
        />
      ) : (
        <p className="prose">
          <Said comment={comment} />
        </p>
      )}
      {retracting && (
        <ConfirmDialog
          title="Take the comment back"
          submitLabel="Take back"
          command={retract}
          onClose={() => setRetracting(false)}
          onSubmit={takeBack}
        >
          It is shown no more, and stays in the record.
        </ConfirmDialog>
      )}
    </li>
  );
}

/** The text; names that are mentions stand out. Without any mention an @ is only a sign. */
function Said({ comment }: { comment: Comment }) {
  if (comment.mentions.length === 0) return comment.text;
  const names = comment.mentions.map((person) => person.name).join(", ");
  return partsOf(comment.text).map((part, index) =>
    part.mention ? (
      <span key={index} className="mention" title={`Mentions ${names}`}>
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}
