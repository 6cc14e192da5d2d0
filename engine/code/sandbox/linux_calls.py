"""Numbers of the Linux system calls that a computation has no business making.

``name:x86_64:aarch64``, a dash where an architecture has no such call. From the kernel's
``unistd_64.h`` and ``asm-generic/unistd.h``; calls above 423 have one number everywhere.
"""

from __future__ import annotations

from typing import Final

_TABLE: Final = """
socket:41:198 socketpair:53:199 connect:42:203 bind:49:200 listen:50:201 accept:43:202
accept4:288:242 sendto:44:206 sendmsg:46:211 sendmmsg:307:269
fork:57:- vfork:58:- execve:59:221 execveat:322:281
tkill:200:130 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240 pidfd_send_signal:424:424
pidfd_open:434:434 pidfd_getfd:438:438 ptrace:101:117 process_vm_readv:310:270
process_vm_writev:311:271 process_madvise:440:440 kcmp:312:272
chmod:90:- fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 chown:92:- fchown:93:55 lchown:94:-
fchownat:260:54 utime:132:- utimes:235:- utimensat:280:88 futimesat:261:- setxattr:188:5
lsetxattr:189:6 fsetxattr:190:7 removexattr:197:14 lremovexattr:198:15 fremovexattr:199:16
setxattrat:463:463 removexattrat:466:466 creat:85:- truncate:76:45 unlink:87:- unlinkat:263:35
rename:82:- renameat:264:38 renameat2:316:276 mkdir:83:- mkdirat:258:34 rmdir:84:- link:86:-
linkat:265:37 symlink:88:- symlinkat:266:36 mknod:133:- mknodat:259:33
setrlimit:160:164 setpriority:141:140 ioprio_set:251:30 sched_setaffinity:203:122
sched_setscheduler:144:119 sched_setparam:142:118 sched_setattr:314:274
shmget:29:194 shmat:30:196 shmctl:31:195 semget:64:190 semop:65:193 semctl:66:191
semtimedop:220:192 msgget:68:186 msgsnd:69:189 msgrcv:70:188 msgctl:71:187 mq_open:240:180
mq_unlink:241:181
unshare:272:97 setns:308:268 mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51
open_tree:428:428 move_mount:429:429 fsopen:430:430 fsconfig:431:431 fsmount:432:432
fspick:433:433 mount_setattr:442:442
io_uring_setup:425:425 io_uring_enter:426:426 io_uring_register:427:427 memfd_create:319:279
memfd_secret:447:447 userfaultfd:323:282 perf_event_open:298:241 bpf:321:280
keyctl:250:219 add_key:248:217 request_key:249:218 init_module:175:105 finit_module:313:273
delete_module:176:106 kexec_load:246:104 kexec_file_load:320:294 reboot:169:142 swapon:167:224
swapoff:168:225 acct:163:89 settimeofday:164:170 clock_settime:227:112 adjtimex:159:171
clock_adjtime:305:266 sethostname:170:161 setdomainname:171:162 quotactl:179:60 syslog:103:116
iopl:172:- ioperm:173:- personality:135:92 vhangup:153:58 name_to_handle_at:303:264
open_by_handle_at:304:265 fanotify_init:300:262
migrate_pages:256:238 move_pages:279:239 quotactl_fd:443:443 open_tree_attr:467:467
file_setattr:469:469
"""

# Calls whose arguments decide; sandbox.linux writes a test for each.
_TESTED: Final = """
open:2:- openat:257:56 openat2:437:437 clone:56:220 clone3:435:435 kill:62:129 tgkill:234:131
prlimit64:302:261 ioctl:16:29 fcntl:72:25
"""

# What a descriptor may be asked: whether it is a terminal and how large, how much there is to read,
# whether it blocks and survives another program. All else changes files or devices: flags of a file
# that can only be read, even the freezing of a whole file system.
HARMLESS_REQUESTS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)

# Commands of fcntl by which the kernel would signal another process, or hold up whoever opens a
# file: F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY.
HARMFUL_COMMANDS: Final = (8, 10, 15, 1024, 1026)

# Word that the kernel puts beside each call to say whose table the number is from.
AUDIT_WORDS: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def _column(table: str, machine: str) -> dict[str, int]:
    index = {"x86_64": 1, "aarch64": 2}[machine]
    numbers = {}
    for entry in table.split():
        parts = entry.split(":")
        if parts[index] != "-":
            numbers[parts[0]] = int(parts[index])
    return numbers


def denied(machine: str) -> dict[str, int]:
    """Calls that are refused whatever their arguments."""
    return _column(_TABLE, machine)


def tested(machine: str) -> dict[str, int]:
    """Calls that are refused for some arguments."""
    return _column(_TESTED, machine)
