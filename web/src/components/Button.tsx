import type { ButtonHTMLAttributes, Ref } from "react";
import { Icon, type IconName } from "./Icon";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: "primary" | "default" | "quiet" | "danger";
  icon?: IconName;
  /** While true the button stays focusable and says that work is under way. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = "default",
  icon,
  busy = false,
  className = "",
  type = "button",
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`button button-${variant} ${className}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function IconButton({ label, icon, ...rest }: { label: string; icon: IconName } & ButtonProps) {
  return <Button {...rest} variant={rest.variant ?? "quiet"} icon={icon} aria-label={label} title={label} />;
}

/** A filter that is on or off. */
export function Chip({
  pressed,
  children,
  ...rest
}: { pressed: boolean } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button {...rest} type="button" className="chip" aria-pressed={pressed}>
      {children}
    </button>
  );
}
