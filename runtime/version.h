/* runtime/version.h: what --version and system_info(muster_version) say. */
#ifndef MUSTER_RUNTIME_VERSION_H
#define MUSTER_RUNTIME_VERSION_H
#define MUSTER_VERSION "0.1.0"
#endif
