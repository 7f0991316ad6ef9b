/** A service that runs `kho pull` once, and the timer that starts it. Pure. */
import { SMALL_HEAP, SMALL_RUN } from './small-memory.ts';
import { isInHome, type ServiceOptions, sandbox, unitCommand } from './unit-sandbox.ts';

/** @throws {KhoError} USAGE for a path that no unit can hold */
export function followUnits({ program: [node, kho], site, linkedFolders, user, group }: ServiceOptions): string {
  const program = [node, ...SMALL_RUN, kho] as const;
  return `# Brings what this site follows of another, by kho. What serves it is a unit of its own: kho config systemd.
#
# Once:  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin ${user}
#        The site's folder belongs to that user: chown -R ${user}: SITE
# Save both parts as named below, then:  systemctl daemon-reload && systemctl enable --now kho-pull.timer
# How it is: kho status SITE. What it did: journalctl -u kho-pull

# ---- /etc/systemd/system/kho-pull.timer
[Unit]
Description=Python packages: follow the centre

[Timer]
OnCalendar=hourly
# Boards that got power at the same moment do not all ask at the same moment.
RandomizedDelaySec=30min
# What was missed while there was no power is made up for.
Persistent=true

[Install]
WantedBy=timers.target

# ---- /etc/systemd/system/kho-pull.service
[Unit]
Description=Python packages: bring what this site follows
Documentation=man:systemd.exec(5)
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart=${unitCommand([...program, 'pull', '--site', site])}
# Better than before, though not all is here yet: no failure.
SuccessExitStatus=1
# A thin line may take days; what came is kept whenever it is stopped.
TimeoutStartSec=infinity
TimeoutStopSec=15
Nice=10
IOSchedulingClass=idle

User=${user}
Group=${group}
# Web servers run as somebody else, and must be able to read what is published.
UMask=0022
${SMALL_HEAP}
${sandbox({ writable: [site, ...linkedFolders], isHome: isInHome([node, kho], site), mayBind: '', hasNetwork: true })}`;
}
