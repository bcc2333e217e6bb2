import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { ProfilePage } from "@/features/session/profile/ProfilePage";

export function ProfileRoute() {
  usePageTitle("Profile");
  const session = useSession();
  return (
    <main className="page" id="content" tabIndex={-1}>
      {session && <ProfilePage session={session} />}
    </main>
  );
}
