/* What looking after the program and its data offers. */
#include "app/keep_room.h"

#include "app/keep.h"
#include "app/lab_keep.h"
#include "app/settings_lab.h"
#include "app/settings_page.h"
#include "app/settings_papers.h"
#include "app/settings_witness.h"

#include "base/banned.h"

static const struct route routes[] = {
    {.method = "GET", .path = "/settings", .roles = NODE, .who = LOCAL, .serve = page_settings},
    {.method = "POST", .path = "/settings/lang", .roles = NODE, .who = LOCAL, .serve = page_set_lang},
    {.method = "POST", .path = "/settings/theme", .roles = NODE, .who = LOCAL, .serve = page_set_theme},
    {.method = "POST", .path = "/settings/keys", .roles = NODE, .who = LOCAL, .serve = page_set_keys},
    {.method = "POST", .path = "/settings/drawn", .roles = NODE, .who = LOCAL, .serve = page_set_drawn},
    {.method = "POST",
     .path = "/settings/via",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_set_via,
     .always = true},
    {.method = "POST",
     .path = "/settings/papers",
     .roles = NODE,
     .who = LOCAL,
     .serve = page_set_papers,
     .always = true},
    {.method = "POST", .path = "/settings/witness", .roles = NODE, .who = LOCAL, .serve = page_set_witness},
    {.method = "GET", .path = "/export", .roles = NODE, .who = LOCAL, .serve = page_export},
    {.method = "POST", .path = "/forget", .roles = NODE, .who = LOCAL, .serve = page_forget},
    {0},
};

static const struct command commands[] = {
    {
        .name = "doctor",
        .example = N_("doctor.example", "respite doctor"),
        .args = "",
        .help =
            N_("doctor.help_text", "Look at what Respite stands on, and name each fault with its repair."),
        .options = doctor_options,
        .roles = NODE,
        .run = cmd_doctor,
        .no_db = true,
    },
    {
        .name = "paths",
        .example = N_("paths.example", "respite paths"),
        .args = "",
        .help = N_("paths.help", "Say where the data is."),
        .roles = NODE,
        .run = cmd_paths,
        .no_db = true,
        .aside = true,
    },
    {
        .name = "backup",
        .example = N_("backup.example", "respite backup ~/respite-november.db"),
        .args = "FILE",
        .help = N_("backup.help", "Copy everything into one new file, also while Respite runs."),
        .options = backup_options,
        .roles = NODE,
        .run = cmd_backup,
        .no_db = true,
    },
    {
        .name = "restore",
        .example = N_("restore.example", "respite restore ~/respite-november.db"),
        .args = "FILE",
        .help = N_("restore.help", "Put a backup back; what was here before is kept beside it."),
        .roles = NODE,
        .run = cmd_restore,
        .no_db = true,
    },
    {
        .name = "export",
        .example = N_("export.example", "respite export ~/respite-export"),
        .args = "DIR",
        .help =
            N_("export.help",
               "Write what you wrote into a new folder of plain files; signs of work are not among them."),
        .options = export_options,
        .roles = NODE,
        .run = cmd_export,
    },
    {
        .name = "forget",
        .example = N_("forget.example", "respite forget --all"),
        .args = "--all",
        .help = N_("forget.help", "Remove everything of Respite on this computer, after asking."),
        .options = forget_options,
        .roles = NODE,
        .run = cmd_forget,
        .no_db = true,
    },
    {
        .name = "completions",
        .example = N_("completions.example", "eval \"$(respite completions bash)\""),
        .args = "bash|zsh|fish",
        .help = N_("completions.help", "Print what lets your shell complete commands and options."),
        .roles = NODE,
        .run = cmd_completions,
        .no_db = true,
        .aside = true,
    },
    {0},
};

const struct room keep_room = {.name = "keep", .routes = routes, .commands = commands};
