/** What an account is called, how it stands, and what may be done with it. Pure. */
import type { User } from "./operations";

export type UserAction = "change" | "password" | "factor" | "signOut" | "active" | "erase";

type Standing = Pick<User, "username" | "active" | "erased" | "secondFactor" | "mustChangePassword">;

export function nameOf(user: Pick<User, "username" | "erased">): string {
  return user.erased ? "former user" : user.username;
}

export function statusOf(user: Standing): string {
  if (user.erased) return "Erased";
  if (!user.active) return "Deactivated";
  return user.mustChangePassword ? "Must change password" : "Active";
}

/** In the order of a menu; nothing is to be done with whoever was erased. */
export function actionsFor(user: Standing): { action: UserAction; label: string; divided?: boolean }[] {
  if (user.erased) return [];
  if (!user.active) {
    return [
      { action: "change", label: "Change name, mail or role" },
      { action: "active", label: "Reactivate" },
      { action: "erase", label: "Erase", divided: true },
    ];
  }
  return [
    { action: "change", label: "Change name, mail or role" },
    { action: "password", label: "Reset password" },
    ...(user.secondFactor ? [{ action: "factor" as const, label: "Reset second factor" }] : []),
    { action: "signOut", label: "Sign out everywhere" },
    { action: "active", label: "Deactivate", divided: true },
  ];
}
